import type { ClientAction } from "@foyer/protocol";
import fc from "fast-check";

/** Ids that exist, so that a mutated frame can get deep into the server before it is found out. */
export interface KnownIds {
  roomId: string;
  messageId: string;
  accountId: string;
}

/** One frame of each action that the server would accept. */
export function validFrames({ roomId, messageId }: KnownIds): Record<ClientAction, Record<string, unknown>> {
  return {
    subscribe: { action: "subscribe", roomId, since: { epoch: "0192", offset: 3 } },
    unsubscribe: { action: "unsubscribe", roomId },
    sendMessage: {
      action: "sendMessage",
      roomId,
      message: "hello **there** @everyone",
      clientId: "c-1",
      replyTo: messageId,
    },
    editMessage: { action: "editMessage", roomId, messageId, message: "better" },
    deleteMessage: { action: "deleteMessage", roomId, messageId: "0192aaaa-0000-7000-8000-000000000000" },
    react: { action: "react", roomId, messageId, emoji: "👍", on: true },
    markRead: { action: "markRead", roomId, offset: 1 },
    typing: { action: "typing", roomId },
    history: { action: "history", roomId, before: 5, limit: 20 },
    authenticate: { action: "authenticate", token: "eyJhbGciOiJIUzI1NiJ9.e30.AAAA" },
    ping: { action: "ping" },
  };
}

/** Values that programs stumble over. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1e308,
    -0,
    2 ** 53,
    Number.MAX_SAFE_INTEGER,
    0.1,
    "",
    " ",
    "\u0000",
    "\ud800",
    "\u202e",
    "a\nb",
    "general",
    "GENERAL",
    "../../etc/passwd",
    "' or 1=1 --",
    '"; drop table messages; --',
    "%00%2e%2e",
    "{{7*7}}<%=7*7%>",
    "<script>alert(1)</script>",
    "__proto__",
    "constructor",
    "x".repeat(5_000),
    "👍".repeat(40),
    "é".repeat(2_001),
    [],
    {},
    [[[[[[]]]]]],
    { toString: 1, __proto__: null },
  ),
);

const key = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "requestId", "action", "roomId", "message", "since"),
  fc.string(),
);

type Mutation = (frame: Record<string, unknown>) => string;

/** Replaces, removes or adds fields. */
const fieldMutation: fc.Arbitrary<Mutation> = fc
  .tuple(fc.nat(20), fc.constantFrom("replace", "remove", "add"), key, hostileValue)
  .map(([index, how, name, value]) => (frame) => {
    const fields = Object.entries(frame);
    const chosen = index % fields.length;
    if (how === "remove") fields.splice(chosen, 1);
    else if (how === "add") fields.push([name, value]);
    else fields[chosen] = [fields[chosen]?.[0] ?? name, value];
    // Written by hand, so that `__proto__` and doubled keys reach the wire as they are.
    return `{${fields.map(([field, held]) => `${JSON.stringify(field)}:${JSON.stringify(held) ?? "null"}`).join(",")}}`;
  });

/** Breaks the text itself. */
const textMutation: fc.Arbitrary<Mutation> = fc
  .tuple(fc.nat(), fc.constantFrom("cut", "insert", "swap", "double"), fc.string({ minLength: 1, maxLength: 3 }))
  .map(([place, how, text]) => (frame) => {
    const whole = JSON.stringify(frame);
    const at = place % whole.length;
    if (how === "cut") return whole.slice(0, at);
    if (how === "insert") return whole.slice(0, at) + text + whole.slice(at);
    if (how === "swap") return whole.slice(0, at) + text + whole.slice(at + text.length);
    return whole + whole;
  });

/** Text that was never a frame. */
const noise: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.json(),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.nat(5_000).map((depth) => "[".repeat(depth)),
  fc.nat(2_000).map((depth) => `${'{"action":'.repeat(depth)}1${"}".repeat(depth)}`),
  fc.constantFrom(
    "",
    " ",
    "\n",
    "null",
    "{}",
    "[]",
    '{"action":"constructor"}',
    '{"action":"__proto__"}',
    '{"action":["ping"]}',
  ),
);

/** Frames that are wrong in every way that comes to mind, most of them a small step away from a right one. */
export function hostileFrame(ids: KnownIds): fc.Arbitrary<string> {
  const valid = fc.constantFrom(...Object.values(validFrames(ids)));
  const mutated = fc
    .tuple(valid, fc.oneof({ weight: 3, arbitrary: fieldMutation }, { weight: 1, arbitrary: textMutation }))
    .map(([frame, mutate]) => mutate(frame));
  return fc.oneof({ weight: 5, arbitrary: mutated }, { weight: 1, arbitrary: noise });
}
