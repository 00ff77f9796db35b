import { compareLevels, isLevel } from "../linking/permission.levels.ts";
import type { ExportedLink } from "./export.format.ts";
import type { ClearTokens, Unopened } from "./stored.tokens.ts";

/**
 * What became of a record. `added`: the link was not there. `updated`: it has the tokens of the file now. `unchanged`:
 * it had them, or the file has none for it. Left as it is: `newer`, what is here was refreshed later; `no_account`;
 * `other_link`, the account is linked to another outside account of the provider; `taken`, the outside account belongs
 * to another account; `ended`, the person unlinked it here after the file was made, or the provider ended it; `busy`, it
 * was changed again and again meanwhile.
 */
export const outcomes = [
  "added",
  "updated",
  "unchanged",
  "newer",
  "no_account",
  "other_link",
  "taken",
  "ended",
  "busy",
] as const;
export type Outcome = (typeof outcomes)[number];

/** What there is of an account at a provider, as far as it decides something. */
interface HeldFacts {
  link: { subject: string; status: "active" | "revoked" } | null;
  tokens: { refreshedAt: number } | null;
}

/** What is here for a record of a file. Without `held` there is no such account. */
export interface Here {
  held: HeldFacts | undefined;
  /** The stored tokens in the clear, or why they do not open; null where there are none. */
  opened: ClearTokens | Unopened | null;
  /** Whose the outside account is. */
  belongsTo: string | undefined;
  /** The link was ended here, by the person or by the provider, after the file was made. */
  endedSince: boolean;
}

/**
 * What to do with a record: `write` (what it is called then), or leave it and why. The file never takes anything away
 * that works and is newer, and never brings back what somebody has ended.
 */
export function decide(record: ExportedLink, { held, opened, belongsTo, endedSince }: Here): Decision {
  if (held === undefined) return leave("no_account");
  const { link, tokens } = held;
  if (link !== null && link.subject !== record.subject) return leave("other_link");
  if (belongsTo !== undefined && belongsTo !== record.accountId) return leave("taken");
  if (link === null) return endedSince ? leave("ended") : { write: "added" };
  if (record.tokens === null) return leave("unchanged");
  // What does not open is of no use to anybody, however new it is.
  if (tokens !== null && opened !== null && typeof opened === "object") {
    if (isSame(opened, record.tokens)) return leave("unchanged");
    if (tokens.refreshedAt >= record.tokens.refreshedAt) return leave("newer");
    return { write: "updated" };
  }
  if (link.status === "revoked" && endedSince) return leave("ended");
  return { write: "updated" };
}

export type Decision = { write: "added" | "updated" } | { leave: Outcome };

/** The lesser of what is chosen here and what was chosen there: a file raises nobody's level. */
export function levelAfter(here: string | null | undefined, there: string | null): string | null {
  if (here === undefined) return there;
  if (!isLevel(here) || !isLevel(there)) return here;
  return compareLevels(there, here) < 0 ? there : here;
}

const leave = (why: Outcome): Decision => ({ leave: why });

function isSame(one: ClearTokens, other: ClearTokens): boolean {
  return one.accessToken === other.accessToken && one.refreshToken === other.refreshToken;
}
