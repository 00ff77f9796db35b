import { dictionary } from "@zxcvbn-ts/language-common";
import { expect, test } from "vitest";
import { AppError } from "../../../platform/errors/app.error.ts";
import { stolenPasswords } from "./common.passwords.ts";
import { refuseCommonPassword } from "./password.rules.ts";

/** The code of the refusal; undefined for a password that is taken. */
async function refusal(password: string, handle = "ada-lovelace", email?: string): Promise<string | undefined> {
  try {
    await refuseCommonPassword(password, { handle, email }, "password");
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return undefined;
}

async function sort(passwords: readonly string[]) {
  const sorted: Record<"taken" | "refused", string[]> = { taken: [], refused: [] };
  for (const each of passwords) sorted[(await refusal(each)) === undefined ? "taken" : "refused"].push(each);
  return sorted;
}
const taken = async (passwords: readonly string[]) => (await sort(passwords)).taken;
const refused = async (passwords: readonly string[]) => (await sort(passwords)).refused;

test("the passwords that are stolen most often are refused, far beyond the first 3,000, however they are written", async () => {
  const long = (dictionary["passwords-common"] ?? []).filter(({ length }) => length >= 8);
  expect(long.length).toBeGreaterThan(15_000);
  expect(await taken(long.slice(0, 4000))).toEqual([]);
  expect(await taken(long.slice(-200).map((each) => each.toUpperCase()))).toEqual([]);
  // The list gives what the rules alone would take.
  expect(["bhrh0h2oof6xbqjeh", "voxstrange", "podvinsev"].every((each) => long.includes(each))).toBe(true);
  const known = await stolenPasswords();
  expect(known.size).toBe(long.length);
  expect([known.has("voxstrange"), known.has("voxstranges"), known.has("")]).toEqual([true, false, false]);
});

test("very common passwords are refused, also with digits around them and in the place of letters", async () => {
  const words = ["password", "PassWord1", "P4ssw0rd!", "p@55w0rd", "iloveyou", "football", "letmein123", "trustno1"];
  expect(await taken([...words, "sunsh1ne", "Welcome2026!", "princess", "1q2w3e4r", "dragon99"])).toEqual([]);
});

test("rows of keys, repetitions and dates are refused", async () => {
  const rows = ["12345678", "1234567890", "87654321", "qwertyuiop", "qwerty123", "asdfghjkl", "1qaz2wsx", "abcdefgh"];
  const repeated = ["aaaaaaaa", "11111111", "abababab", "abcabcab", "111222333", "blueblue"];
  expect(await taken([...rows, ...repeated, "zyxwvuts", "19901231", "31.12.1990", "2001-02-03", "12312001"])).toEqual(
    [],
  );
});

test("one's own names and the server's are refused; a short one only by itself", async () => {
  expect(await taken(["ada-lovelace", "AdaLovelace7", "my ada.lovelace", "foyer and more words", "xxFoyer99"])).toEqual(
    [],
  );
  expect(await refusal("countess of the engine", "ada", "Countess@example.org")).toBe("account.password_common");
  expect([await refusal("ada-2026", "ada"), await refusal("ada.....", "ada")]).toEqual([
    "account.password_common",
    "account.password_common",
  ]);
  // Three letters stand inside of many words.
  expect(await refusal("a canadian winter tale", "ada")).toBeUndefined();
});

test("nothing else is asked of a password", async () => {
  const phrases = ["correct horse battery", "Correct horse 9 battery", "wrong horse battery", "a whole new password"];
  const tests = ["new password 1", "another one 1", "a new one 123", "only for the benchmark", "Ångström ½!"];
  const others = [
    "48151659",
    "xK9#mPq2",
    "x".repeat(9).concat("yz-q"),
    "dragon839201938475",
    "13131990x",
    "日本語のパスワード",
  ];
  expect(await refused([...phrases, ...tests, ...others])).toEqual([]);
});
