import type { LinkStatus } from "./credentials.tables.ts";

/** An outside account that belongs to an account here. */
export interface IdentityLink {
  accountId: string;
  provider: string;
  /** The provider's own id of the person. */
  subject: string;
  name: string;
  permissionLevel: string | null;
  /** Sorted. */
  scopes: string[];
  status: LinkStatus;
  reason: string | null;
  linkedAt: number;
  checkedAt: number;
}

/** Which link. */
export interface LinkKey {
  accountId: string;
  provider: string;
}

/** A link that is to be made. */
export type NewLink = Pick<IdentityLink, "provider" | "subject" | "name" | "permissionLevel"> & {
  scopes: readonly string[];
};

/** Store of identity links. Each operation is atomic by itself. */
export interface LinksStore {
  /**
   * Makes the link or renews it (active, with this subject, name, level and scopes; `linkedAt` stays). `taken`: the
   * outside account belongs to another account here, or this account is linked to another outside account; nothing
   * was changed then.
   */
  put(link: NewLink & { accountId: string }, now: number): Promise<"stored" | "taken">;
  find(key: LinkKey): Promise<IdentityLink | undefined>;
  bySubject(provider: string, subject: string): Promise<IdentityLink | undefined>;
  /** All links of an account, by provider. */
  list(accountId: string): Promise<IdentityLink[]>;
  setPermissionLevel(key: LinkKey, level: string): Promise<void>;
  /**
   * Takes the turn to check up to `limit` active links of a provider that were last checked at or before `before`:
   * their `checkedAt` becomes `now`, and no other node gets them.
   */
  claimDue(provider: string, before: number, now: number, limit: number): Promise<LinkKey[]>;
  /** Writes down what a check found. Undefined: unchanged. `checkedAt` is when the next one counts from. */
  noteCheck(
    key: LinkKey,
    found: { checkedAt: number; scopes?: readonly string[] | undefined; name?: string | undefined },
  ): Promise<void>;
  /** Removes the link and its credentials. Returns whether there was one. */
  remove(key: LinkKey): Promise<boolean>;
}
