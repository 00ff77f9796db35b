import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exampleContext } from "../templates/template.example.ts";
import { type OutgoingAnswer, OutgoingError } from "./outgoing.port.ts";
import type { Announcement } from "./sender.port.ts";
import { createWebhookDestination } from "./webhook.destination.ts";

const now = Date.UTC(2026, 10, 21, 20);
const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
const target = {
  destinationId: "d",
  guildId: "here",
  target: JSON.stringify({ url: "https://hooks.example/live", secret }),
  recipient: "",
};

function announcement(more: Partial<Announcement> = {}): Announcement {
  const { broadcaster, stream } = exampleContext("Here", now, more.stage ?? "live");
  return {
    deliveryId: "0199c3a1-0000-7000-8000-000000000001",
    revision: 1,
    stage: "live",
    test: false,
    broadcaster,
    stream,
    message: { content: "live", embed: null },
    mentionRoleId: null,
    uncertainSince: null,
    ...more,
  };
}

interface Sent {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

function receiver(answer: Partial<OutgoingAnswer> | Error = {}) {
  const sent: Sent[] = [];
  const sender = createWebhookDestination({
    clock: { now: () => now },
    outgoing: {
      permits: async () => true,
      async post(url, headers, body) {
        sent.push({ url, headers, body: String(body) });
        if (answer instanceof Error) throw answer;
        return { status: 204, retryAfterMs: undefined, ...answer };
      },
    },
  });
  return { sender, sent };
}

test("what is sent passes the check that the documentation shows, and nothing else does", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../../../docs/integrate/webhooks.md"), "utf8");
  const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "foyer-webhook-"));
  try {
    writeFileSync(join(folder, "check.mjs"), code);
    const { isFromFoyer } = (await import(join(folder, "check.mjs"))) as {
      isFromFoyer(secret: string, headers: Record<string, string>, body: string, now: number): boolean;
    };
    const { sender, sent } = receiver();
    await sender.post(target, announcement());
    const { url, headers, body } = sent[0] ?? { url: "", headers: {}, body: "" };
    expect(url).toBe("https://hooks.example/live");
    expect(isFromFoyer(secret, { ...headers }, body, now)).toBe(true);
    expect(isFromFoyer(secret, { ...headers }, `${body} `, now)).toBe(false);
    expect(isFromFoyer(secret, { ...headers }, body, now + 301_000)).toBe(false);
    expect(isFromFoyer(`whsec_${Buffer.from("another").toString("base64")}`, { ...headers }, body, now)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a repetition has the same id, a change another, and each says what happened", async () => {
  const { sender, sent } = receiver();
  await sender.post(target, announcement());
  await sender.post(target, announcement());
  await sender.edit(target, "x", announcement({ revision: 2 }));
  await sender.edit(target, "x", announcement({ revision: 3, stage: "ended" }));
  await sender.remove(target, "x", announcement({ revision: 4, stage: "ended" }));
  const ids = sent.map(({ headers }) => headers["webhook-id"]);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(4);
  const types = sent.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  expect(types).toEqual(["stream.online", "stream.online", "stream.updated", "stream.offline", "stream.offline"]);
});

test.each([
  [{ status: 200 }, { kind: "done" }],
  [{ status: 410 }, { kind: "failed", reason: "gone", off: "gone" }],
  [
    { status: 429, retryAfterMs: 7000 },
    { kind: "again", reason: "rate_limited", retryAfterMs: 7000 },
  ],
  [{ status: 408 }, { kind: "again", reason: "timeout" }],
  [{ status: 503 }, { kind: "again", reason: "outage" }],
  [{ status: 401 }, { kind: "failed", reason: "signature_refused" }],
  [{ status: 302 }, { kind: "failed", reason: "rejected" }],
  [{ status: 404 }, { kind: "failed", reason: "rejected" }],
  [new OutgoingError("timeout"), { kind: "again", reason: "timeout" }],
  [new OutgoingError("outage"), { kind: "again", reason: "outage" }],
  [new OutgoingError("blocked_address"), { kind: "failed", reason: "blocked_address" }],
])("an answer of %o ends as it should", async (answer, outcome) => {
  const { sender } = receiver(answer);
  expect(await sender.post(target, announcement())).toMatchObject(outcome);
});
