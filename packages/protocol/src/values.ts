import { z } from "zod";

/** UUIDv7 in lower case, made by the server. `general` is the one room id that is a word. */
export const id = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, "is not an id");

/** Ids of rooms are UUIDv7, or a short word for rooms that the server itself makes (`general`). */
export const roomId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "is not a room id");

/** Key of a client's own making that makes a send repeatable: at most 64 visible ASCII characters. */
export const clientId = z.string().regex(/^[\x21-\x7e]{1,64}$/, "must be 1 to 64 visible ASCII characters");

/** ISO 8601 in UTC, to the millisecond. */
export const time = z.iso.datetime();

/** Position in a room's stream: 0 before the first change. */
export const offset = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** 2 to 32 characters, small letters, digits, `_`, `-` and `.`, beginning and ending with a letter or digit. */
export const handle = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9](?:[a-z0-9_.-]{0,30}[a-z0-9])$/,
    "must be 2 to 32 characters: small letters, digits, and _ - . inside",
  );

/** A name that people see: no control characters, no direction overrides, 1 to 64 characters after trimming. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, "must not hold control characters");

/** NIST SP 800-63B: length counts, composition rules do not. The upper bound keeps hashing affordable. */
export const password = z.string().min(8, "must have at least 8 characters").max(256);

/** What a file is sealed for that somebody may take away and try in peace: longer than a password. */
export const passphrase = z.string().min(14, "must have at least 14 characters").max(256);

/** An emoji sequence of at most 32 UTF-16 units: one grapheme, checked for emoji content. */
export const emoji = z
  .string()
  .max(32)
  .regex(/^(?:\p{RGI_Emoji})$/v, "is not an emoji");
