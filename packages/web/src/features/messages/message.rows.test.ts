import type { PendingMessage } from "@foyer/client";
import type { Message, Profile } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { dayOf, rowsOf } from "./message.rows.ts";
import { continuation } from "./row.window.ts";

const mara: Profile = { accountId: "a-mara", handle: "mara", displayName: "Mara" };
const jonas: Profile = { accountId: "a-jonas", handle: "jonas", displayName: "Jonas" };

function message(offset: number, author: Profile, createdAt: string, more: Partial<Message> = {}): Message {
  return {
    messageId: `m${offset}`,
    roomId: "general",
    offset,
    version: offset,
    author,
    message: `text ${offset}`,
    createdAt,
    reactions: [],
    mentions: { accounts: [], room: false },
    attachments: [],
    ...more,
  };
}

const at = (minute: number, second = 0): string => new Date(2026, 10, 20, 20, minute, second).toISOString();
const rows = (messages: Message[], more: Partial<Parameters<typeof rowsOf>[0]> = {}) =>
  rowsOf({ messages, pending: [], self: mara, dividerAfter: undefined, ...more });

describe("groups", () => {
  it("joins messages of one author that follow within five minutes", () => {
    const heads = rows([message(1, jonas, at(0)), message(2, jonas, at(4, 59)), message(3, jonas, at(9, 59))]).map(
      (row) => row.head,
    );
    expect(heads).toEqual([true, false, true]);
  });

  it("begins anew with another author, with an answer, and with a new day", () => {
    const reply = { messageId: "m1", author: jonas, excerpt: "text" };
    const list = rows([
      message(1, jonas, new Date(2026, 10, 20, 23, 59).toISOString()),
      message(2, jonas, new Date(2026, 10, 21, 0, 1).toISOString()),
      message(3, mara, new Date(2026, 10, 21, 0, 2).toISOString()),
      message(4, mara, new Date(2026, 10, 21, 0, 2).toISOString(), { replyTo: reply }),
    ]);
    expect(list.map((row) => row.head)).toEqual([true, true, true, true]);
    expect(list.map((row) => row.day)).toEqual([true, true, false, false]);
  });
});

describe("the divider of new messages", () => {
  const messages = [
    message(1, jonas, at(0)),
    message(2, mara, at(0)),
    message(3, jonas, at(0)),
    message(5, jonas, at(0)),
  ];

  it("stands once, over the first message of somebody else after the mark", () => {
    expect(rows(messages, { dividerAfter: 1 }).map((row) => row.divider)).toEqual([false, false, true, false]);
  });

  it("breaks the group it stands in", () => {
    expect(rows(messages, { dividerAfter: 3 }).at(-1)).toMatchObject({ divider: true, head: true });
  });

  it("is missing without a mark, and when all is read", () => {
    expect(rows(messages).some((row) => row.divider)).toBe(false);
    expect(rows(messages, { dividerAfter: 5 }).some((row) => row.divider)).toBe(false);
  });
});

describe("pending messages", () => {
  const pending: PendingMessage = { clientId: "c1", text: "on its way", createdAt: at(1), state: "sending" };

  it("come last, grouped with one's own", () => {
    const list = rows([message(1, mara, at(0))], { pending: [pending] });
    expect(list.at(-1)).toMatchObject({ head: false, pending, author: mara });
  });

  it("keep their key when they are confirmed, so that nothing flickers", () => {
    const before = rows([], { pending: [pending] });
    const after = rows([message(1, mara, at(1), { clientId: "c1" })]);
    expect(after[0]?.key).toBe(before[0]?.key);
  });

  it("are not mixed up with somebody else's message of the same clientId", () => {
    const list = rows([message(1, jonas, at(1), { clientId: "c1" })], { pending: [pending] });
    expect(new Set(list.map((row) => row.key)).size).toBe(2);
  });
});

describe("windows of rows", () => {
  const window = (from: number, to: number) =>
    rows(Array.from({ length: to - from + 1 }, (_, index) => message(from + index, jonas, at(0))));

  it("shifts when rows come or go at the start, and only then", () => {
    expect(continuation(window(10, 20), window(5, 20), 1)).toEqual({ shift: true, windowId: 1 });
    expect(continuation(window(10, 20), window(12, 22), 1)).toEqual({ shift: true, windowId: 1 });
    expect(continuation(window(10, 20), window(10, 21), 1)).toEqual({ shift: false, windowId: 1 });
  });

  it("is a new one when nothing is shared", () => {
    expect(continuation(window(10, 20), window(40, 50), 1)).toEqual({ shift: false, windowId: 2 });
    expect(continuation([], window(1, 3), 0)).toEqual({ shift: false, windowId: 1 });
    expect(continuation([], [], 4)).toEqual({ shift: false, windowId: 4 });
  });
});

it("names days in the reader's own time zone", () => {
  expect(dayOf(new Date(2026, 0, 2, 0, 0, 1).toISOString())).toBe("2026-1-2");
});
