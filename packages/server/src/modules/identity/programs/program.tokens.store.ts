import type { TokenScope } from "@foyer/protocol";

/** A token for programs. Times are milliseconds since 1970. */
export interface ProgramTokenRecord {
  id: string;
  accountId: string;
  name: string;
  /** SHA-256 of the token in hex. */
  hash: string;
  hint: string;
  scopes: TokenScope[];
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** Store of tokens for programs. Each operation is atomic by itself. */
export interface ProgramTokensStore {
  /** False: the account has `most` already. */
  add(token: ProgramTokenRecord, most: number): Promise<boolean>;
  byHash(hash: string): Promise<ProgramTokenRecord | undefined>;
  byId(id: string): Promise<ProgramTokenRecord | undefined>;
  /** Newest first. */
  list(accountId: string): Promise<ProgramTokenRecord[]>;
  /** Undefined: there is none such of this account. */
  remove(accountId: string, id: string): Promise<ProgramTokenRecord | undefined>;
  /** An earlier time never replaces a later one. */
  touch(id: string, at: number): Promise<void>;
}
