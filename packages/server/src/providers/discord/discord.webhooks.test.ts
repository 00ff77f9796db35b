import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DiscordWebhooks } from "../../modules/alerts/index.ts";
import { createDiscordWebhooks } from "./discord.webhooks.ts";

let discord: DiscordSimulator;
let webhooks: DiscordWebhooks;
let now = Date.parse("2026-11-01T10:00:00Z");

beforeAll(async () => {
  discord = await startDiscord({ now: () => now });
  webhooks = createDiscordWebhooks(discord.app.publicKey, { now: () => now });
});
afterAll(() => discord.close());

function read(content: object | string, over: Record<string, string | null> = {}, text?: string) {
  const signed = discord.events.request(content as object);
  const headers = new Headers(signed.headers);
  for (const [name, value] of Object.entries(over)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return webhooks.read(headers, Buffer.from(text ?? signed.body));
}

const event = (type: string, data: object = {}) => ({ version: 1, type: 1, event: { type, timestamp: "x", data } });

describe("what Discord sends", () => {
  it("is told apart: questions whether somebody is there, interactions, events", () => {
    expect(read({ type: 0, version: 1 })).toEqual({ news: { kind: "quiet" } });
    expect(read({ type: 1, id: "1", token: "t" })).toEqual({ news: { kind: "pong" } });
    expect(read({ type: 2, id: "1", data: { name: "help" } })).toEqual({ news: { kind: "asked" } });
    expect(read(event("APPLICATION_DEAUTHORIZED", { user: { id: "80351110224678912" } }))).toEqual({
      news: { kind: "deauthorized", userId: "80351110224678912" },
    });
    for (const type of ["APPLICATION_AUTHORIZED", "GUILD_DELETE", "APPLICATION_DEAUTHORIZED"]) {
      expect(read(event(type))).toEqual({ news: { kind: "moved" } });
    }
    expect(read(event("ENTITLEMENT_CREATE"))).toEqual({ news: { kind: "other", type: "ENTITLEMENT_CREATE" } });
  });

  it("is not believed when one bit differs, or something is missing", () => {
    const content = { type: 1 };
    const { headers, body } = discord.events.request(content);
    const signature = headers["x-signature-ed25519"] ?? "";
    const flipped = (Number.parseInt(signature[0] ?? "0", 16) ^ 1).toString(16) + signature.slice(1);
    for (const wrong of [flipped, "", "0".repeat(128), signature.slice(2), `${signature}00`, "zz".repeat(64)]) {
      expect(read(content, { "x-signature-ed25519": wrong })).toEqual({ refused: "mismatch" });
    }
    const later = String(Math.floor(now / 1000) + 1);
    expect(read(content, { "x-signature-timestamp": later })).toEqual({ refused: "mismatch" });
    expect(read(content, {}, `${body} `)).toEqual({ refused: "mismatch" });
    expect(read(content, {}, "")).toEqual({ refused: "mismatch" });
    for (const name of ["x-signature-ed25519", "x-signature-timestamp"]) {
      expect(read(content, { [name]: null })).toEqual({ refused: "missing" });
    }
  });

  it("is not taken when it is older than ten minutes, or from the future", () => {
    const { headers, body } = discord.events.request({ type: 1 });
    const at = now;
    const later = (ms: number) => {
      now = at + ms;
      const answer = webhooks.read(new Headers(headers), Buffer.from(body));
      now = at;
      return answer;
    };
    expect(later(600_000)).toHaveProperty("news");
    expect(later(601_000)).toEqual({ refused: "too_old" });
    expect(later(-601_000)).toEqual({ refused: "too_old" });
  });

  it("does no harm when it is signed and makes no sense", () => {
    for (const content of ["text", [], null, 7, { type: "1" }, { type: 1, event: { type: 7 } }]) {
      expect(read(content as object)).toEqual({ news: { kind: "other", type: "unreadable" } });
    }
    const poisoned = event("APPLICATION_DEAUTHORIZED", { user: { id: "1' or 1=1" } });
    expect(read(poisoned)).toEqual({ news: { kind: "other", type: "unreadable" } });
  });
});
