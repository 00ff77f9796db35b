import type { MessageRow } from "../chat.tables.ts";

/** What is looked for: all terms have to be in a message. A term of several words is a phrase. */
export interface SearchTerms {
  terms: string[][];
  /** The last word matches the beginnings of words, too: it may still be being typed. */
  prefix: boolean;
}

/** Who searches, and where and what. */
export interface SearchRequest {
  accountId: string;
  addressHash: string;
  /** A guest reads public rooms that let guests in, and nothing else. */
  guest: boolean;
  /** Address bans are passed by: see `addressBansApply`. */
  staff: boolean;
  /** At least one term. */
  terms: SearchTerms;
  roomId?: string | undefined;
  authorId?: string | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  limit: number;
  now: number;
}

export interface SearchPage {
  rows: (MessageRow & { room_name: string; room_kind: "public" | "private" | "direct" })[];
  next: string | undefined;
}

/**
 * Full-text search of messages.
 *
 * Membership: decided inside the query and at its moment. Found are messages of rooms that the account may read then:
 * those it is a member of and public ones, without those that it, or its address, is banned from. Naming another room
 * finds nothing, the same as a room that does not exist.
 * Order: newest first; the cursor goes on without gaps or repetitions while messages come in.
 * Freshness: a search finds what was committed before it began: an edited message by its present text only, a deleted
 * one not at all.
 * Words: matched whole and in any case, the last one by its beginning when `terms.prefix`. Accents matter on Postgres
 * and not on SQLite. No request is an error, whatever was typed; only a foreign cursor is `request.invalid`.
 */
export interface SearchStore {
  search(request: SearchRequest): Promise<SearchPage>;
  /**
   * Does a bounded piece of work that searches would otherwise wait for. To be called about once a second; calls wait
   * for those before them.
   */
  maintain(): Promise<void>;
}
