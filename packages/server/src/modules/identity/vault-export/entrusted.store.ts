import type { SealedTokens } from "../credentials/credentials.store.ts";
import type { IdentityLink, LinkKey } from "../credentials/links.store.ts";

/** Tokens of a link as they lie in the database: sealed. `version` fences the write that follows a reading. */
export interface StoredTokens extends SealedTokens {
  refreshedAt: number;
  version: number;
}

/** A link, whose it is, and what it entrusts. */
export interface EntrustedLink {
  handle: string;
  link: IdentityLink;
  tokens: StoredTokens | null;
}

/** What there is of an account at a provider. */
export interface Held {
  handle: string;
  link: IdentityLink | null;
  tokens: StoredTokens | null;
}

/** What is to be written for a link; without `tokens` those that are there stay. */
export interface Brought {
  link: IdentityLink;
  tokens: (SealedTokens & { refreshedAt: number }) | null;
}

/** Store of everything that is entrusted, for carrying it from one server to another. */
export interface EntrustedStore {
  /** How many links there are. */
  count(): Promise<number>;
  /** Up to `limit` links with their tokens, in the order of account and provider, behind `after`. */
  page(after: LinkKey | undefined, limit: number): Promise<EntrustedLink[]>;
  /** Undefined: there is no such account. */
  find(key: LinkKey): Promise<Held | undefined>;
  /**
   * Writes link and tokens in one transaction, if all is still as it was `seen` and no refresh is under way; the link
   * is asked about at its provider soon after. False, and nothing is changed, when it is not, and when the outside
   * account belongs to another account.
   */
  bring(brought: Brought, seen: Pick<Held, "link" | "tokens">, now: number): Promise<boolean>;
}
