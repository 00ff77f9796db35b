import { crc32 } from "node:zlib";

/** What every token for programs begins with, so that scanners for secrets find it where it should not be. */
export const programTokenPrefix = "foyer_";

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const secretLength = 43;
const checkLength = 6;
const shape = new RegExp(`^${programTokenPrefix}[0-9A-Za-z]{${secretLength + checkLength}}$`);

/** A token from 32 random bytes: `foyer_`, 43 letters and digits, and 6 more by which a typing error is found. */
export function writeProgramToken(secret: Uint8Array): string {
  const body = inDigits(BigInt(`0x${Buffer.from(secret).toString("hex")}`), secretLength);
  return `${programTokenPrefix}${body}${checkOf(body)}`;
}

/** Whether a text can be a token at all, which is known without looking anything up. */
export function isProgramToken(text: string): boolean {
  if (!shape.test(text)) return false;
  const body = text.slice(programTokenPrefix.length, -checkLength);
  return text.endsWith(checkOf(body));
}

const checkOf = (body: string) => inDigits(BigInt(crc32(body)), checkLength);

function inDigits(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text;
  return text;
}
