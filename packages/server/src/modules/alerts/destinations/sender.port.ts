import type { DeliveryReason, DestinationKind, OffReason, RenderedMessage } from "@foyer/protocol";
import type { Broadcaster, Stream } from "../alerts.types.ts";

/** Where one delivery goes. `target`: the channel, the room, or for a webhook its address, opened for this send. */
export interface SendTarget {
  destinationId: string;
  guildId: string;
  target: string;
  /** Push: the id of one device; else empty. */
  recipient: string;
}

/**
 * What is to be said. `deliveryId` is the key under which the receiver knows a repetition: the same delivery is posted
 * once whatever happens between sending and recording. `revision` is 1 for the post and higher for each change: the same
 * for every try of it, however far apart.
 */
export interface Announcement {
  deliveryId: string;
  revision: number;
  stage: "live" | "ended";
  /** Mentions nobody whatever `mentionRoleId` says. */
  test: boolean;
  broadcaster: Broadcaster;
  stream: Stream;
  message: RenderedMessage;
  mentionRoleId: string | null;
  /** When an earlier post of this delivery was begun whose end is not known, in milliseconds since 1970. */
  uncertainSince: number | null;
}

/**
 * How a step ended. `again`: try the same step later, not before `retryAfterMs` where the receiver said so. `failed`:
 * trying again would not help; `off` switches the destination off. `externalId` is what `edit` and `remove` take.
 */
export type SendOutcome =
  | { kind: "done"; externalId: string | null; url: string | null; status: number | null }
  | { kind: "again"; reason: DeliveryReason; status: number | null; retryAfterMs?: number | undefined }
  | { kind: "failed"; reason: DeliveryReason; status: number | null; off?: OffReason | undefined };

/** Sends to one kind of destination. Never throws for what the receiver does; takes no longer than 15 s. */
export interface DestinationSender {
  kind: DestinationKind;
  /** Whether what was posted can be changed later. Where it cannot, a delivery ends with its post. */
  edits: boolean;
  post(target: SendTarget, what: Announcement): Promise<SendOutcome>;
  /** Done without an `externalId`: what was posted was taken away by somebody, and stays away. */
  edit(target: SendTarget, externalId: string, what: Announcement): Promise<SendOutcome>;
  remove(target: SendTarget, externalId: string, what: Announcement): Promise<SendOutcome>;
}
