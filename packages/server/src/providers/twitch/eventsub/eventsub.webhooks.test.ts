import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createEventSubWebhooks } from "./eventsub.webhooks.ts";

const secret = "a secret for tests only";
const now = Date.parse("2026-11-01T10:00:00Z");
const webhooks = createEventSubWebhooks({ secret, clock: { now: () => now } });

interface Sent {
  id?: string;
  time?: string;
  type?: string;
  body?: string;
  key?: string;
  without?: string;
}

function read({ id = "m-1", time = "2026-11-01T09:59:59.123456789Z", type = "notification", ...more }: Sent) {
  const { body = JSON.stringify(online), key = secret } = more;
  const headers = new Headers({
    "twitch-eventsub-message-id": id,
    "twitch-eventsub-message-timestamp": time,
    "twitch-eventsub-message-type": type,
    "twitch-eventsub-message-signature": `sha256=${createHmac("sha256", key)
      .update(id + time + body)
      .digest("hex")}`,
  });
  if (more.without !== undefined) headers.delete(`twitch-eventsub-message-${more.without}`);
  return { headers, answer: () => webhooks.read(headers, Buffer.from(body)) };
}

const subscription = { id: "sub-1", type: "stream.online", version: "1", status: "enabled" };
const event = { id: "900", broadcaster_user_id: "1001", type: "live", started_at: "2026-11-01T09:59:58Z" };
const online = { subscription, event };

describe("webhooks of EventSub", () => {
  it("reads an event that is signed over id, time and body", () => {
    expect(read({}).answer()).toEqual({
      message: {
        kind: "event",
        messageId: "m-1",
        sentAt: Date.parse("2026-11-01T09:59:59.123Z"),
        twitchId: "1001",
        heard: {
          type: "stream.online",
          twitchStreamId: "900",
          streamType: "live",
          startedAt: Date.parse("2026-11-01T09:59:58Z"),
        },
      },
    });
  });

  it("believes nothing of which one bit differs", () => {
    expect(read({ key: "another secret" }).answer()).toEqual({ refused: "mismatch" });
    for (const [name, value] of [
      ["id", "m-2"],
      ["timestamp", "2026-11-01T09:59:59.123456788Z"],
      ["signature", "sha256=00"],
      ["signature", `sha256=${"é".repeat(32)}`],
    ] as const) {
      const { headers } = read({});
      // Headers hold bytes, not characters.
      headers.set(`twitch-eventsub-message-${name}`, Buffer.from(value).toString("latin1"));
      expect(webhooks.read(headers, Buffer.from(JSON.stringify(online)))).toEqual({ refused: "mismatch" });
    }
    const { headers } = read({});
    expect(webhooks.read(headers, Buffer.from(`${JSON.stringify(online)} `))).toEqual({ refused: "mismatch" });
    for (const without of ["id", "timestamp", "signature"]) {
      expect(read({ without }).answer()).toEqual({ refused: "missing" });
    }
  });

  it("takes nothing that is older than ten minutes, or from the future, or of no time at all", () => {
    expect(read({ time: "2026-11-01T09:50:00Z" }).answer()).toHaveProperty("message");
    for (const time of ["2026-11-01T09:49:59Z", "2026-11-01T10:10:01Z", "yesterday", ""]) {
      expect(read({ time }).answer()).toEqual({ refused: "too_old" });
    }
  });

  it("reads challenges and revocations, and what Foyer never asked for as something other", () => {
    const type = "webhook_callback_verification";
    expect(read({ type, body: JSON.stringify({ subscription, challenge: "pogchamp-kappa" }) }).answer()).toEqual({
      message: { kind: "challenge", subscriptionId: "sub-1", challenge: "pogchamp-kappa" },
    });
    const revoked = { subscription: { ...subscription, status: "user_removed" } };
    expect(read({ type: "revocation", body: JSON.stringify(revoked) }).answer()).toEqual({
      message: { kind: "revocation", subscriptionId: "sub-1", type: "stream.online", status: "user_removed" },
    });
    const raid = { subscription: { ...subscription, type: "channel.raid" }, event: {} };
    expect(read({ body: JSON.stringify(raid) }).answer()).toEqual({ message: { kind: "other", type: "channel.raid" } });
    const newer = { subscription: { ...subscription, version: "2" }, event };
    expect(read({ body: JSON.stringify(newer) }).answer()).toMatchObject({ message: { kind: "other" } });
  });

  it("takes ids that could do harm in no message, even when they are signed", () => {
    for (const id of ["", "a".repeat(129), "id with spaces", "<script>"]) {
      const expected = /^[\x21-\x7e]{1,128}$/.test(id) ? "event" : "other";
      expect(read({ id }).answer()).toMatchObject({ message: { kind: expected } });
    }
    const poisoned = { subscription, event: { ...event, broadcaster_user_id: "1001'; drop table inbox; --" } };
    expect(read({ body: JSON.stringify(poisoned) }).answer()).toMatchObject({ message: { kind: "other" } });
    for (const body of ["", "{", "[]", "null", '"text"', JSON.stringify({ subscription: { id: 7 } })]) {
      expect(read({ body }).answer()).toEqual({ message: { kind: "other", type: "unreadable" } });
    }
  });

  it("cuts texts that are longer than Twitch allows", () => {
    const update = { broadcaster_user_id: "1001", title: "x".repeat(5000), language: "en", category_name: "Chess" };
    const body = JSON.stringify({
      subscription: { ...subscription, type: "channel.update", version: "2" },
      event: update,
    });
    expect(read({ body }).answer()).toMatchObject({
      message: { heard: { type: "channel.update", title: "x".repeat(300), game: "Chess", language: "en" } },
    });
  });
});
