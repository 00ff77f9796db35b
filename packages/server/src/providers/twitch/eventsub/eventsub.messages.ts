import type { Heard, TwitchMessage } from "../../../modules/alerts/index.ts";
import { offlineWire, onlineWire, type PayloadWire, payloadWire, updateWire } from "./eventsub.wire.ts";

/** What stands around a message, in headers or in `metadata`. `sentAt` in milliseconds since 1970. */
export interface Envelope {
  messageId: string;
  sentAt: number;
  /** `notification`, `revocation`, `webhook_callback_verification`. */
  messageType: string;
}

const LONGEST_TEXT = 300;

/** A message in Foyer's words. What cannot be read is `other`, with the type as far as it is known. */
export function readMessage({ messageId, sentAt, messageType }: Envelope, body: unknown): TwitchMessage {
  const payload = payloadWire.safeParse(body);
  if (!payload.success) return { kind: "other", type: "unreadable" };
  const { subscription, challenge } = payload.data;
  const { id: subscriptionId, type, status } = subscription;
  if (messageType === "revocation") return { kind: "revocation", subscriptionId, type, status };
  if (messageType === "webhook_callback_verification" && challenge !== undefined) {
    return { kind: "challenge", subscriptionId, challenge };
  }
  const event = messageType === "notification" ? eventOf(payload.data) : undefined;
  return event === undefined ? { kind: "other", type } : { kind: "event", messageId, sentAt, ...event };
}

function eventOf({ subscription, event }: PayloadWire): { twitchId: string; heard: Heard } | undefined {
  switch (`${subscription.type} ${subscription.version}`) {
    case "stream.online 1": {
      const { data } = onlineWire.safeParse(event);
      return (
        data && {
          twitchId: data.broadcaster_user_id,
          heard: {
            type: "stream.online",
            twitchStreamId: data.id,
            streamType: data.type,
            startedAt: data.started_at,
          },
        }
      );
    }
    case "stream.offline 1": {
      const { data } = offlineWire.safeParse(event);
      return data && { twitchId: data.broadcaster_user_id, heard: { type: "stream.offline" } };
    }
    case "channel.update 2": {
      const { data } = updateWire.safeParse(event);
      return (
        data && {
          twitchId: data.broadcaster_user_id,
          heard: {
            type: "channel.update",
            title: data.title.slice(0, LONGEST_TEXT),
            game: data.category_name.slice(0, LONGEST_TEXT),
            language: data.language.slice(0, LONGEST_TEXT),
          },
        }
      );
    }
    default:
      return undefined;
  }
}
