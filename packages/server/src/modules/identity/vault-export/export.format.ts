import { createHash } from "node:crypto";
import { id, permissionLevels, signInProviders } from "@foyer/protocol";
import { z } from "zod";

/**
 * The file. Its first line is JSON in the clear: what it is, its version, and the content key, sealed for the passphrase
 * (JWE, PBES2). Each line after it is a JWE under the content key: a number of records, and in its authenticated header
 * the line's place, so that none is missing, doubled or moved. The last one holds no records and says how many there
 * are: a file that has none is broken off. Times are milliseconds since 1970.
 */
export const VERSION = 1;

/** What somebody with the file but without the passphrase has to do for each guess. */
export const ROUNDS = 1_000_000;
/** More is not computed for a file that somebody else has made. */
export const MOST_ROUNDS = 10_000_000;

/** How the content key and the lines are sealed. */
export const keyAlgorithms = { alg: "PBES2-HS512+A256KW", enc: "A256GCM" } as const;
export const lineAlgorithms = { alg: "dir", enc: "A256GCM" } as const;
/** Stands in the header of the sealed content key: the version cannot be changed in the clear line alone. */
export const KEY_TYPE = `foyer-vault-${VERSION}`;

/** What every version of the file has. */
export const anyFirstLine = z.looseObject({ foyer: z.literal("vault"), version: z.number().int().positive() });
/** `sum`: SHA-256 of `key` in hex, so that damage is not taken for a wrong passphrase. */
export const firstLine = z.object({ key: z.string(), sum: z.string() });
export const sealedKey = z.object({ contentKey: z.string(), exportedAt: z.number().int() });

const time = z.number().int().nonnegative();
const token = z.string().min(1).max(65_536);

/** Tokens in the clear, as they are inside of the file. */
const exportedTokens = z.object({
  accessToken: token,
  refreshToken: token.nullable(),
  expiresAt: time.nullable(),
  refreshedAt: time,
});

/**
 * One identity link and what it entrusts. `tokens` is null where there are none, and where they could not be opened:
 * then `unopened` says why.
 */
export const exportedLink = z.object({
  accountId: id,
  handle: z.string().max(64),
  provider: z.enum(signInProviders),
  subject: z.string().min(1).max(1024),
  name: z.string().max(10_000),
  permissionLevel: z.enum(permissionLevels).nullable(),
  scopes: z.array(z.string().max(1024)).max(1000),
  status: z.enum(["active", "revoked"]),
  reason: z.string().max(64).nullable(),
  linkedAt: time,
  tokens: exportedTokens.nullable(),
  unopened: z.enum(["key_lost", "not_authentic"]).optional(),
});
export type ExportedLink = z.infer<typeof exportedLink>;

/** How much is in a file. `unopened`: credentials that could not be opened, so that they are missing. */
export const exportCounts = z.object({ links: time, credentials: time, unopened: time });
export type ExportCounts = z.infer<typeof exportCounts>;

/** The header of a line after the first: its place, counted from 1, and in the last one the counts. */
export const lineHeader = z.object({ n: z.number().int().positive(), end: exportCounts.optional() });

/** The passphrase as bytes: the same on every keyboard. */
export function passphraseBytes(passphrase: string): Uint8Array {
  return new TextEncoder().encode(passphrase.normalize("NFKC"));
}

/** SHA-256 in hex. */
export function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
