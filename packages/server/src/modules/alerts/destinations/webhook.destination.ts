import { createHmac } from "node:crypto";
import { type Clock, isoTime } from "../../../platform/clock/clock.ts";
import { type Outgoing, OutgoingError } from "./outgoing.port.ts";
import type { Announcement, DestinationSender, SendOutcome, SendTarget } from "./sender.port.ts";

type EventType = "stream.online" | "stream.updated" | "stream.offline";

/**
 * Alerts as signed requests, by Standard Webhooks: `webhook-id` is the delivery and its revision, the same however
 * often it is tried, so that a receiver knows a repetition. The target is JSON of `{url, secret}`, opened for this send.
 */
export function createWebhookDestination({ outgoing, clock }: { outgoing: Outgoing; clock: Clock }): DestinationSender {
  async function send(target: SendTarget, what: Announcement, type: EventType): Promise<SendOutcome> {
    const { url, secret } = JSON.parse(target.target) as { url: string; secret: string };
    const id = `${what.deliveryId}.${what.revision}`;
    const timestamp = String(Math.floor(clock.now() / 1000));
    const body = JSON.stringify(eventOf(type, what));
    const headers = {
      "content-type": "application/json",
      "user-agent": "Foyer",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signatureOf(secret, id, timestamp, body),
    };
    try {
      const { status, retryAfterMs } = await outgoing.post(url, headers, body);
      return outcomeOf(status, retryAfterMs, what.deliveryId);
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error;
      if (error.reason === "blocked_address") return { kind: "failed", reason: "blocked_address", status: null };
      return { kind: "again", reason: error.reason, status: null };
    }
  }

  return {
    kind: "webhook",
    edits: true,
    post: (target, what) => send(target, what, what.stage === "live" ? "stream.online" : "stream.offline"),
    edit: (target, _id, what) => send(target, what, what.stage === "live" ? "stream.updated" : "stream.offline"),
    remove: (target, _id, what) => send(target, what, "stream.offline"),
  };
}

function outcomeOf(status: number, retryAfterMs: number | undefined, deliveryId: string): SendOutcome {
  if (status >= 200 && status < 300) return { kind: "done", externalId: deliveryId, url: null, status };
  if (status === 410) return { kind: "failed", reason: "gone", status, off: "gone" };
  if (status === 429) return { kind: "again", reason: "rate_limited", status, retryAfterMs };
  if (status === 408 || status === 425) return { kind: "again", reason: "timeout", status, retryAfterMs };
  if (status >= 500) return { kind: "again", reason: "outage", status, retryAfterMs };
  if (status === 401 || status === 403) return { kind: "failed", reason: "signature_refused", status };
  return { kind: "failed", reason: "rejected", status };
}

/** HMAC-SHA256 over `id.timestamp.body` with the bytes of the secret (Standard Webhooks, "Signature scheme"). */
function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

function eventOf(type: EventType, { broadcaster, stream, stage, test, deliveryId, revision }: Announcement) {
  return {
    type,
    timestamp: isoTime(stage === "ended" ? (stream.endedAt ?? stream.startedAt) : stream.startedAt),
    data: {
      deliveryId,
      revision,
      test,
      streamer: {
        id: broadcaster.broadcasterId,
        twitchId: broadcaster.twitchId,
        login: broadcaster.login,
        displayName: broadcaster.displayName,
        url: `https://www.twitch.tv/${broadcaster.login}`,
      },
      stream: {
        id: stream.streamId,
        title: stream.title,
        game: stream.game,
        language: stream.language,
        tags: stream.tags,
        viewers: stream.viewers,
        peakViewers: stream.peakViewers,
        startedAt: isoTime(stream.startedAt),
        endedAt: stream.endedAt === null ? null : isoTime(stream.endedAt),
        vodUrl: stream.vodUrl,
      },
    },
  };
}
