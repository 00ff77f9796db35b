import { compactDecrypt, decodeProtectedHeader } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { forms } from "../../../../test/support/secret.search.ts";
import { createIds, systemClock } from "../../../platform/clock/clock.ts";
import type { ExportedLink } from "./export.format.ts";
import { linesIn } from "./export.lines.ts";
import { openExport } from "./export.reader.ts";
import { firstLineOf, linesOf } from "./export.writer.ts";

const ids = createIds(systemClock);
const passphrase = "a lamp, a door, ä street";
const exportedAt = Date.UTC(2026, 10, 3);
const contentKey = ids.secret(32);

const record = (handle: string, over: Partial<ExportedLink> = {}): ExportedLink => ({
  accountId: ids.uuid(),
  handle,
  provider: "twitch",
  subject: `subject of ${handle}`,
  name: handle,
  permissionLevel: "chatbot",
  scopes: ["user:bot", "user:read:chat"],
  status: "active",
  reason: null,
  linkedAt: exportedAt,
  tokens: {
    accessToken: `access-of-${handle}`,
    refreshToken: `refresh-of-${handle}`,
    expiresAt: null,
    refreshedAt: exportedAt,
  },
  ...over,
});
const records = [
  record("ada"),
  record("bo", { tokens: null, unopened: "key_lost" }),
  record("cy", { provider: "discord", permissionLevel: null, tokens: null }),
];

async function* inBatches(of: number, all = records) {
  for (let at = 0; at < all.length; at += of) yield all.slice(at, at + of);
}
async function* pieces(text: string, size = text.length) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
/** What opening says of a file: its records, or what is wrong with it. */
async function opened(text: string, words = passphrase) {
  try {
    const file = await openExport(() => pieces(text, 1000), words);
    const found: ExportedLink[] = [];
    for await (const each of file.records()) found.push(each);
    return { exportedAt: file.exportedAt, counts: file.counts, records: found };
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : error;
  }
}

let first: string;
let lines: string[];
beforeAll(async () => {
  first = await firstLineOf({ passphrase, contentKey, exportedAt, rounds: 1000 });
  lines = [];
  for await (const line of linesOf(contentKey, inBatches(1))) lines.push(line);
});
const whole = () => first + lines.join("");

describe("the file of an export", () => {
  test("opens with its passphrase, typed on whatever keyboard, and says how much is in it", async () => {
    expect(await opened(whole())).toEqual({
      exportedAt,
      counts: { links: 3, credentials: 1, unopened: 1 },
      records,
    });
    expect(await opened(whole(), passphrase.normalize("NFD"))).toMatchObject({ records });
    expect(await opened(whole().replaceAll("\n", "\r\n"))).toMatchObject({ records });
    expect(await opened(whole().trimEnd())).toMatchObject({ records });
  });

  test("has nothing of it in the clear, and asks a million rounds of whoever guesses", async () => {
    const full = await firstLineOf({ passphrase, contentKey, exportedAt });
    for (const secret of ["access-of-ada", "refresh-of-ada", "subject of ada", "user:read:chat", contentKey]) {
      for (const [form, text] of forms(secret)) {
        expect([form, Buffer.from(whole() + full).includes(text)]).toEqual([form, false]);
      }
    }
    expect(await opened(full + lines.join(""))).toMatchObject({ records });
    const { key } = JSON.parse(full) as { key: string };
    expect(decodeProtectedHeader(key)).toMatchObject({
      alg: "PBES2-HS512+A256KW",
      enc: "A256GCM",
      p2c: 1_000_000,
      typ: "foyer-vault-1",
    });
    // The same words twice: neither salt nor key nor anything else comes again.
    const again = await firstLineOf({ passphrase, contentKey, exportedAt, rounds: 1000 });
    expect(again).not.toBe(first);
    expect(decodeProtectedHeader(JSON.parse(again).key).p2s).not.toBe(decodeProtectedHeader(JSON.parse(first).key).p2s);
    await expect(compactDecrypt(lines[0]?.trim() ?? "", Buffer.alloc(32))).rejects.toThrow(
      "decryption operation failed",
    );
  });

  test("does not open with other words, and says that it is they", async () => {
    for (const words of ["", "a lamp, a door, a street", `${passphrase} `, contentKey]) {
      expect(await opened(whole(), words)).toBe(
        "OperatorError: This is not the passphrase that the file was sealed for.",
      );
    }
  });

  test("tells damage from other things, and where it is", async () => {
    const flip = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
    expect(await opened(flip(first, first.length - 20) + lines.join(""))).toMatch("damaged in line 1.");
    for (const at of [5, 120, (lines[1]?.length ?? 0) - 5]) {
      const text = [first, lines[0], flip(lines[1] ?? "", at), ...lines.slice(2)].join("");
      expect([at, await opened(text)]).toEqual([at, "OperatorError: The file is damaged in line 3. Copy it again."]);
    }
    for (const no of ["", "\n", "hello", "{}", '{"foyer":"room","version":1}', `${"x".repeat(2000)}\n`]) {
      expect(await opened(no)).toMatch("This is no export of a vault");
    }
    expect(await opened(first.replace('"version":1', '"version":2') + lines.join(""))).toMatch(
      "This file has version 2, and this Foyer reads version 1",
    );
    expect(await opened(first.replace('"version":1', '"version":0') + lines.join(""))).toMatch("no export of a vault");
  });

  test("misses no line, and takes none twice, in another order, or of another file", async () => {
    const [one = "", two = "", three = "", end = ""] = lines;
    const brokenOff = "The file is broken off: its end is missing.";
    expect(await opened(first)).toMatch(brokenOff);
    expect(await opened(first + one + two + three)).toMatch(brokenOff);
    for (const [order, place] of [
      [[two, one, three, end], 2],
      [[one, one, two, three, end], 3],
      [[one, three, end], 3],
      [[one, two, end], 4],
      [[one, two, three, end, one], 6],
      [[one, two, three, end, end], 6],
    ] as const) {
      expect(await opened(first + order.join(""))).toMatch(`damaged in line ${place}.`);
    }
    const others: string[] = [];
    for await (const line of linesOf(ids.secret(32), inBatches(1))) others.push(line);
    expect(await opened(first + one + others[1] + three + end)).toMatch("damaged in line 3.");
    // Counted anew, but by somebody who does not have the key: the count is a part of what is sealed.
    const header = JSON.stringify({ ...decodeProtectedHeader(end), end: { links: 2, credentials: 1, unopened: 0 } });
    const forged = [Buffer.from(header).toString("base64url"), ...end.split(".").slice(1)].join(".");
    expect(await opened(first + one + two + forged)).toMatch("damaged in line 4.");
  });

  test("an empty vault is a good file, and a changed one does not get in by its second reading", async () => {
    const none: string[] = [];
    for await (const line of linesOf(contentKey, inBatches(1, []))) none.push(line);
    expect(await opened(first + none.join(""))).toMatchObject({ counts: { links: 0 }, records: [] });
    let text = whole();
    const file = await openExport(() => pieces(text), passphrase);
    text = first + lines.slice(0, 2).join("");
    const reading = (async () => {
      for await (const _ of file.records());
    })();
    await expect(reading).rejects.toThrow("broken off");
  });
});

test("lines come out whole, in whatever pieces they come in, and never without an end", async () => {
  const lined = async (text: string, size: number) => {
    const found: string[] = [];
    for await (const line of linesIn(pieces(text, size))) found.push(line);
    return found;
  };
  for (const size of [1, 2, 3, 100]) {
    expect(await lined("one\n\ntwo\r\nthree", size)).toEqual(["one", "", "two", "three"]);
    expect(await lined("one\n", size)).toEqual(["one"]);
  }
  async function* endless() {
    for (;;) yield "x".repeat(2 ** 20);
  }
  await expect(linesIn(endless()).next()).rejects.toThrow("too long");
});
