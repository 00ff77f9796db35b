import type { Clock } from "../../../platform/clock/clock.ts";
import { OutgoingError } from "../destinations/outgoing.port.ts";
import type { Announcement, DestinationSender, SendOutcome, SendTarget } from "../destinations/sender.port.ts";
import { pushText } from "../templates/push.text.ts";
import type { DeviceSeal } from "./device.seal.ts";
import type { DevicesStore } from "./devices.store.ts";
import type { PushService } from "./push.service.port.ts";

/** A phone that comes back after four hours has missed it. */
const ttlSeconds = 4 * 3600;

export interface PushDestinationDeps {
  service: PushService;
  store: DevicesStore;
  seal: DeviceSeal;
  clock: Clock;
}

/**
 * Alerts on phones and in browsers. The topic and the tag are the delivery's: a repetition replaces what is there, at
 * the push service as on the screen, so that nothing rings twice.
 */
export function createPushDestination({ service, store, seal, clock }: PushDestinationDeps): DestinationSender {
  const never: SendOutcome = { kind: "failed", reason: "rejected", status: null };
  return {
    kind: "push",
    edits: false,
    edit: async () => never,
    remove: async () => never,

    async post({ recipient }: SendTarget, what: Announcement): Promise<SendOutcome> {
      const device = await store.find(recipient);
      if (device === undefined) return { kind: "failed", reason: "gone", status: null };
      const address = await seal.open(device.accountId, device.sealed);
      const tag = tagOf(what.deliveryId);
      const { title, body } = pushText(what.broadcaster, what.stream);
      const payload = JSON.stringify({
        title: what.test ? `Test: ${title}` : title,
        body,
        url: `https://www.twitch.tv/${what.broadcaster.login}`,
        icon: what.broadcaster.avatarUrl ?? undefined,
        tag,
      });
      try {
        const { status, retryAfterMs } = await service.send(address, { payload, topic: tag, ttlSeconds });
        if (status >= 200 && status < 300) {
          await store.sent(recipient, clock.now());
          return { kind: "done", externalId: recipient, url: null, status };
        }
        if (status === 404 || status === 410) {
          await store.forget(recipient);
          return { kind: "failed", reason: "gone", status };
        }
        if (status === 429) return { kind: "again", reason: "rate_limited", status, retryAfterMs };
        if (status >= 500) return { kind: "again", reason: "outage", status, retryAfterMs };
        return { kind: "failed", reason: "rejected", status };
      } catch (error) {
        if (!(error instanceof OutgoingError)) throw error;
        if (error.reason === "blocked_address") return { kind: "failed", reason: "blocked_address", status: null };
        return { kind: "again", reason: error.reason, status: null };
      }
    },
  };
}

/** 128 bits of a UUID in 22 characters: a topic has at most 32 (RFC 8030, 5.4). */
function tagOf(deliveryId: string): string {
  return Buffer.from(deliveryId.replaceAll("-", ""), "hex").toString("base64url");
}
