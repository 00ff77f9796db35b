import type {
  AlertTemplate,
  DeliveryReason,
  DestinationKind,
  EndAction,
  MentionChoice,
  OffReason,
} from "@foyer/protocol";
import type { OutboxJob } from "../../../platform/outbox/outbox.port.ts";
import type { Broadcaster, Stream } from "../alerts.types.ts";
import type { SendOutcome } from "../destinations/sender.port.ts";

export type Stage = "live" | "ended" | "deleted";
export type DeliveryStep = "post" | "edit" | "delete";

/** Where a delivery goes, and what was chosen for it: by an override, else the destination, else the guild. */
export interface DeliveryPlace {
  destinationId: string;
  kind: DestinationKind;
  target: string;
  sealed: string | null;
  /** Null: Foyer's own. */
  template: AlertTemplate | null;
  mention: MentionChoice;
  endAction: EndAction;
  reannounceMinutes: number;
  /** False: switched off or removed, or its guild was, or the broadcaster is no longer announced there. */
  isOn: boolean;
}

/** One delivery as a worker holds it, with all that it needs. Times are milliseconds since 1970. */
export interface DeliveryJob extends OutboxJob {
  deliveryId: string;
  recipient: string;
  guildId: string;
  guildName: string;
  stage: Stage | null;
  wanted: number;
  shown: number;
  externalId: string | null;
  uncertainSince: number | null;
  giveUpAt: number;
  eventAt: number;
  place: DeliveryPlace;
  broadcaster: Broadcaster;
  /** As this alert tells of it: of several streams that it went on with, the first beginning and the highest peak. */
  stream: Stream;
}

/** What came of holding a delivery. */
export interface DeliveryResult {
  /** Null: nobody was asked. */
  step: DeliveryStep | null;
  outcome: SendOutcome | null;
  /** What stands at the destination after it, as far as is known. */
  stage: Stage | null;
  /** Why it is given up although nobody was asked. */
  reason: DeliveryReason | null;
  /** Switches the destination off. */
  off: OffReason | null;
  /** Something is to be done later in any case. */
  laterAt: number | null;
  /** When the receiver was asked, and for how long it took to answer. */
  at: number;
  durationMs: number;
}
