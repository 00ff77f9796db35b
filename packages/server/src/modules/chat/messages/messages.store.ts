import type { ErrorCode } from "@foyer/protocol";
import type { Selectable } from "kysely";
import type { ChatTables } from "../chat.tables.ts";

/** A message as it is stored. Times are milliseconds since 1970. */
export type MessageRow = Omit<Selectable<ChatTables["messages"]>, "row">;

/** Who is mentioned: accounts by id, and whether the whole room is. */
export interface Mentions {
  accounts: readonly string[];
  room: boolean;
}

/** One change of a room's stream. `at` is in milliseconds since 1970. */
export type StreamCommand =
  | {
      kind: "send";
      roomId: string;
      messageId: string;
      authorId: string;
      body: string;
      clientId: string | null;
      replyTo: string | null;
      mentions: Mentions;
      at: number;
    }
  | {
      kind: "edit";
      roomId: string;
      messageId: string;
      /** Whoever edits must be the author. */
      authorId: string;
      body: string;
      mentions: Mentions;
      revisionId: string;
      at: number;
    }
  | { kind: "delete"; roomId: string; messageId: string; by: string; revisionId: string; at: number }
  | { kind: "react"; roomId: string; messageId: string; accountId: string; emoji: string; on: boolean; at: number }
  | { kind: "pin"; roomId: string; messageId: string; by: string; on: boolean; at: number };

/**
 * `changed`: the row as it is now; `row.version` is the offset that the change took. `unchanged`: it was so already
 * (a send with a known client id, a reaction that is there); no offset was taken. `refused`: nothing was done.
 */
export type StreamResult =
  | { outcome: "changed" | "unchanged"; row: MessageRow }
  | { outcome: "refused"; code: ErrorCode };

/** One emoji on one message: how many, and the first 50 accounts in the order in which they reacted. */
export interface ReactionCount {
  messageId: string;
  emoji: string;
  count: number;
  by: string[];
}

/** Where a member is in a room. Counts stop at 100, and were made when the room's last offset was `at`. */
export interface Marker {
  at: number;
  readOffset: number;
  unread: number;
  mentions: number;
}

/** A page of history, oldest first. */
export interface RowPage {
  rows: MessageRow[];
  hasMore: boolean;
  hasNewer: boolean;
}

/** Everything after a position, or that it cannot be given whole. */
export interface Recovery {
  epoch: string;
  /** The room's last offset at the moment of reading. */
  offset: number;
  /** Null when the epoch is another one, or when more than the limit has changed. */
  rows: MessageRow[] | null;
}

export interface MessagesStore {
  /**
   * Commits commands in their order, all in one transaction. Results stand in the same order.
   *
   * Atomicity: all or none; once the promise resolves, everything survives a crash.
   * Order: each change takes the room's next offset, without holes, also between nodes that append at the same time.
   * Idempotency: a send whose (room, author, client id) exists gives the row that exists and takes no offset, for
   * ever: a unique key and not a cache.
   */
  append(commands: readonly StreamCommand[]): Promise<StreamResult[]>;

  /** Whether the author has sent something under this client id: then sending it again changes nothing. */
  wasSent(roomId: string, authorId: string, clientId: string): Promise<boolean>;

  /** Messages by id, in no particular order; unknown ids are absent. */
  byIds(messageIds: readonly string[]): Promise<MessageRow[]>;

  /** Newest page, or the page before, after or around an offset. `around` puts it in the middle. */
  page(roomId: string, query: PageQuery): Promise<RowPage>;

  /** All messages changed after a position, in their current state, by offset. Never a part of them. */
  since(roomId: string, epoch: string, offset: number, limit: number): Promise<Recovery>;

  /** The room's epoch and last offset, or undefined when there is no such room. */
  head(roomId: string): Promise<{ epoch: string; offset: number } | undefined>;

  reactions(messageIds: readonly string[]): Promise<ReactionCount[]>;

  /** Pinned messages, last pinned first, at most 100. */
  pinned(roomId: string): Promise<MessageRow[]>;

  /** Earlier texts of a message, newest first. The text of a deleted message is among them. */
  revisions(messageId: string): Promise<{ message: string; replacedAt: number }[]>;

  /** Moves a member's marker forward, never back and never past the head. Undefined for those who are not members. */
  markRead(accountId: string, roomId: string, offset: number): Promise<Marker | undefined>;

  /** Markers of an account in rooms that it is a member of; other rooms are absent. */
  markers(accountId: string, roomIds: readonly string[]): Promise<Map<string, Marker>>;
}

export interface PageQuery {
  before?: number;
  after?: number;
  around?: number;
  limit: number;
}
