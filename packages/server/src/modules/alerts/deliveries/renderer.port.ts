import type { AlertTemplate, DestinationKind, MentionChoice, RenderedMessage } from "@foyer/protocol";
import type { Broadcaster, Stream } from "../alerts.types.ts";
import type { DeliveryPlace } from "./delivery.job.types.ts";

/** What a message is about. */
export interface RenderContext {
  kind: DestinationKind;
  stage: "live" | "ended";
  broadcaster: Broadcaster;
  stream: Stream;
  guildName: string;
  /** Who is mentioned, where a template says `{mention}`. */
  mentionRoleId: string | null;
}

/** Makes the text of an alert. Never throws: a template was checked when it was saved. */
export interface AlertRenderer {
  /** `template` null: Foyer's own. */
  render(template: AlertTemplate | null, context: RenderContext): RenderedMessage;
}

/** What else a delivery needs from the parts around it. */
export interface DeliverySurroundings {
  renderer: AlertRenderer;
  /** The role to mention now; null: nobody. */
  mentionRole(guildId: string, broadcasterId: string, mention: MentionChoice): Promise<string | null>;
  /** The address to send to: what is sealed is opened for this one use. Throws when the key of the vault is away. */
  addressOf(place: Pick<DeliveryPlace, "destinationId" | "kind" | "target" | "sealed">): Promise<string>;
}
