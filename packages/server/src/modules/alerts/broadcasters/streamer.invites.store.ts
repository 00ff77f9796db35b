import type { Added, Addition } from "./broadcasters.store.ts";

/** An invite link for streamers. `maxUses` 0: any number. Times are milliseconds since 1970. */
export interface StreamerInvite {
  inviteId: string;
  guildId: string;
  uses: number;
  maxUses: number;
  expiresAt: number;
  createdBy: string;
  createdAt: number;
}

/** An invite with what it leads to. `works`: not revoked, not expired, not used up. */
export interface OpenedInvite extends StreamerInvite {
  guildName: string;
  guildIconUrl: string | null;
  works: boolean;
}

/** Invites, known by the hash of their token. Every operation is one transaction. */
export interface StreamerInvitesStore {
  /** False, and nothing is added: the guild has `limit` of them that work. */
  add(invite: StreamerInvite, tokenHash: string, limit: number): Promise<boolean>;
  /** Those of a guild that work at `now`, newest first. */
  working(guildId: string, now: number): Promise<StreamerInvite[]>;
  /** False: the guild has no such invite that is not revoked yet. */
  revoke(guildId: string, inviteId: string, now: number): Promise<boolean>;
  /** Undefined: there is none, or it was revoked, or its guild is gone. */
  open(tokenHash: string, now: number): Promise<OpenedInvite | undefined>;
  /**
   * Has the guild announce the person who came by the invite, and counts the use: both or neither. Who is announced
   * there already is not counted. `refused`: the invite does not work (any more); of many who accept at once never more
   * than `maxUses` are let in.
   */
  accept(tokenHash: string, addition: Addition & { accountId: string }): Promise<Added | { result: "refused" }>;
}
