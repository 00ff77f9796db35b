import { AppError } from "../../../platform/errors/app.error.ts";
import { commonWords, stolenPasswords } from "./common.passwords.ts";

/** Whose password it is to be. */
export interface PasswordOwner {
  handle: string;
  email?: string | null | undefined;
}

/**
 * Throws `account.password_common` for a password that is guessed among the first: one that was stolen from many, one
 * made of a very common word, a row of keys, a repetition, a date, or one made of the person's own names or the
 * server's. Nothing else is asked of it but its length. `field` is where it stood in the input.
 */
export async function refuseCommonPassword(password: string, owner: PasswordOwner, field: string): Promise<void> {
  const text = password.normalize("NFKC").toLowerCase();
  const isGuessed =
    isCommon(text) || isRepetition(text) || isRows(text) || isDate(text) || (await stolenPasswords()).has(text);
  if (!isGuessed && !namesOf(owner).some((name) => isMadeOf(text, name))) return;
  const message = isGuessed ? "is one of the first that somebody would try" : "holds a name that belongs to it";
  throw new AppError(
    "account.password_common",
    isGuessed
      ? "This password is among the first that somebody would try. Choose another, such as a few words in a row."
      : "A password must not hold your handle, your e-mail address or the name of this software. Choose another.",
    { fields: [{ path: field, message }] },
  );
}

/** So much around a common word makes nothing of it. More may well be a good password. */
const mostAround = 6;
const around = /^[^\p{L}]+|[^\p{L}]+$/gu;
const atEnd = /[^\p{L}]+$/u;
const leet: Record<string, string> = { "@": "a", 4: "a", 3: "e", 0: "o", 5: "s", $: "s", 7: "t", "+": "t", "!": "i" };

function isCommon(text: string): boolean {
  const cores = [text.replaceAll(around, ""), text.replace(atEnd, "")].filter(
    (core) => text.length - core.length <= mostAround,
  );
  return [text, ...cores].some((core) =>
    [core, ...["i", "l"].map((one) => core.replaceAll(/[@4305$7+!1]/g, (sign) => leet[sign] ?? one))].some((each) =>
      commonWords.has(each),
    ),
  );
}

/** One character again and again, or a word of up to eight: `aaaaaaaa`, `abcabcab`, `passpass`. */
function isRepetition(text: string): boolean {
  return [1, 2, 3, 4, 5, 6, 7, 8].some((size) => {
    const unit = text.slice(0, size);
    return text.length >= size * 2 && text === unit.repeat(Math.ceil(text.length / size)).slice(0, text.length);
  });
}

const rows = [
  "01234567890",
  "abcdefghijklmnopqrstuvwxyz",
  ...["qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"],
  ...["1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p", "qazwsxedcrfvtgbyhnujmikolp", "147258369", "!@#$%^&*()"],
];
const bothWays = [...rows, ...rows.map((row) => [...row].reverse().join(""))];
const shortestRun = 3;

/** Nothing but runs along the keyboard, the alphabet or the digits, and single keys held: `qwerty123`, `111222333`. */
function isRows(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    const length = runAt(text, at);
    if (length < shortestRun) return false;
    at += length;
  }
  return true;
}

function runAt(text: string, at: number): number {
  let longest = 1;
  while (text[at + longest] === text[at]) longest++;
  for (const row of bothWays) {
    let length = shortestRun;
    while (at + length <= text.length && row.includes(text.slice(at, at + length))) length++;
    longest = Math.max(longest, length > shortestRun ? length - 1 : 1);
  }
  return longest;
}

/** Eight digits that are a day of the last or of this century, in any order of day, month and year. */
function isDate(text: string): boolean {
  const digits = text.replaceAll(/[./-]/g, "");
  const [, year, first, second] = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const [, third, fourth, later] = /^(\d\d)(\d\d)((?:19|20)\d\d)$/.exec(digits) ?? [];
  if (year === undefined && later === undefined) return false;
  const parts = [Number(first ?? third), Number(second ?? fourth)];
  return parts.every((part) => part >= 1 && part <= 31) && parts.some((part) => part <= 12);
}

/** Below this a name stands inside of other words by chance: then it counts alone only. */
const shortestName = 4;
const squeezed = (text: string) => text.toLowerCase().replaceAll(/[\s._-]/g, "");

function namesOf({ handle, email }: PasswordOwner): string[] {
  return ["foyer", handle, ...(email == null ? [] : [email.slice(0, email.lastIndexOf("@"))])]
    .map(squeezed)
    .filter((name) => name !== "");
}

function isMadeOf(text: string, name: string): boolean {
  const whole = squeezed(text);
  if (name.length >= shortestName && whole.includes(name)) return true;
  const core = whole.replaceAll(around, "");
  return whole === name || (core === name && whole.length - core.length <= mostAround);
}
