import { createHmac, timingSafeEqual } from "node:crypto";
import type { TwitchWebhooks, WebhookRefusal } from "../../../modules/alerts/index.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { readMessage } from "./eventsub.messages.ts";
import { messageIdWire } from "./eventsub.wire.ts";

/** Older messages may be somebody's recording; younger ones than now have no right to be there either. */
const WINDOW_MS = 600_000;

/**
 * Webhooks of EventSub. The signature is over id, time and the body as it came; it is compared in constant time and
 * before anything else is looked at, so that what is not from Twitch leaves no trace but its refusal.
 */
export function createEventSubWebhooks({ secret, clock }: { secret: string; clock: Clock }): TwitchWebhooks {
  function check(headers: Headers, body: Uint8Array): WebhookRefusal | undefined {
    const id = headers.get("twitch-eventsub-message-id");
    const time = headers.get("twitch-eventsub-message-timestamp");
    const signature = headers.get("twitch-eventsub-message-signature");
    if (id === null || time === null || signature === null) return "missing";
    const expected = Buffer.from(
      `sha256=${createHmac("sha256", secret)
        .update(id + time)
        .update(body)
        .digest("hex")}`,
    );
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return "mismatch";
    const age = clock.now() - Date.parse(time);
    return Math.abs(age) <= WINDOW_MS ? undefined : "too_old";
  }

  return {
    secret,
    read(headers, body) {
      const refused = check(headers, body);
      if (refused !== undefined) return { refused };
      const messageId = messageIdWire.safeParse(headers.get("twitch-eventsub-message-id"));
      if (!messageId.success) return { message: { kind: "other", type: "unreadable" } };
      const envelope = {
        messageId: messageId.data,
        sentAt: Date.parse(headers.get("twitch-eventsub-message-timestamp") ?? ""),
        messageType: headers.get("twitch-eventsub-message-type") ?? "",
      };
      return { message: readMessage(envelope, parsed(body)) };
    },
  };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
