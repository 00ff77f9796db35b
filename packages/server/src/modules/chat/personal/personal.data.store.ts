import type { MessageRow } from "../messages/messages.store.ts";

/** A membership with what its room is called. Times are milliseconds since 1970. */
export interface OwnMembership {
  roomId: string;
  name: string;
  kind: "public" | "private" | "direct";
  roomRole: "owner" | "member";
  joinedAt: number;
}

export interface OwnReaction {
  messageId: string;
  roomId: string;
  emoji: string;
  createdAt: number;
}

/** What chat keeps about one account, by account. Pages are at most `limit` long and start behind `after`. */
export interface PersonalDataStore {
  memberships(accountId: string): Promise<OwnMembership[]>;
  /** By id: tombstones are among them. */
  messages(accountId: string, after: string, limit: number): Promise<MessageRow[]>;
  /** Earlier texts of messages. */
  revisions(messageIds: readonly string[]): Promise<{ messageId: string; message: string; replacedAt: number }[]>;
  /** By message and emoji. */
  reactions(accountId: string, after: { messageId: string; emoji: string }, limit: number): Promise<OwnReaction[]>;
  /** Reports that the account made. */
  reports(accountId: string): Promise<{ messageId: string; roomId: string; reason: string; createdAt: number }[]>;
  /** Mutes and bans of the account. */
  sanctions(
    accountId: string,
  ): Promise<{ kind: string; roomId: string | null; reason: string; createdAt: number; until: number | null }[]>;
  /** Deletes earlier texts of these messages, and what reports quote of them. */
  forgetTexts(messageIds: readonly string[]): Promise<void>;
  /** Revokes invite links, closes the marks of being mentioned, and forgets the reasons that the account wrote. */
  forgetRest(accountId: string): Promise<void>;
  /** Which of these accounts have written or reacted, or are in a room with others. */
  traces(accountIds: readonly string[]): Promise<Set<string>>;
}
