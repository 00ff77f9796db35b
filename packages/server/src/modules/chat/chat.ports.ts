import type { ErrorCode, GuestAccess, Message, MessagePage, Profile, Role, ServerFrame } from "@foyer/protocol";
import type { AccountCaller, Caller } from "../../platform/caller/caller.ts";
import type { MessageRow } from "./chat.tables.ts";

/** What chat asks of the accounts: the part of identity that it uses. */
export interface Accounts {
  /** Unknown ids are absent from the map. */
  profiles(accountIds: readonly string[]): Promise<Map<string, Profile>>;
  /** Exact handles in lower case; unknown ones are absent. */
  findByHandles(handles: readonly string[]): Promise<Profile[]>;
  role(accountId: string): Promise<Role | undefined>;
  /** Hashes of the addresses at which the account was seen in the last 30 days. */
  addressesOf(accountId: string): Promise<string[]>;
  createGuest(addressHash: string): Promise<{ caller: AccountCaller; token: string; expiresAt: number }>;
}

/**
 * Sends frames to whoever is connected, on every node. Nothing here fails or waits: a socket that is gone is gone. Where
 * an address is named, moderators and above are not met: see `addressBansApply`.
 */
export interface RoomBroadcast {
  /** To every connection that is subscribed to the room. */
  room(roomId: string, frame: ServerFrame): void;
  /** To every connection of the account, subscribed or not. */
  account(accountId: string, frame: ServerFrame): void;
  /**
   * Ends the room subscriptions of those who may no longer read: of one account, of one address (anonymous callers
   * included), of all anonymous callers and guest accounts, or of everybody when `who` is empty. Frames that were sent
   * before still arrive.
   */
  evict(roomId: string, who: { accountId?: string; addressHash?: string; guests?: true }): void;
  /** Closes connections with `closeCode`. At least one of the fields is given; those given must all match. */
  disconnect(query: { accountId?: string; addressHash?: string }, closeCode: number): void;
}

/** Who is in a room now: account ids, or null where the room is so large that only a count is kept. */
export interface Presence {
  online(roomId: string): ReadonlySet<string> | null;
}

/** A caller's place in a room. Counts stop at 100. */
export interface ReadState {
  readOffset: number;
  unread: number;
  mentions: number;
}

/** The message stream of rooms. Everything that writes checks access itself; readers load access first. */
export interface Messages {
  send(
    caller: Caller,
    input: { roomId: string; message: string; clientId?: string | undefined; replyTo?: string | undefined },
  ): Promise<{ messageId: string; offset: number; duplicate: boolean }>;
  edit(caller: Caller, roomId: string, messageId: string, text: string): Promise<{ offset: number }>;
  remove(caller: Caller, roomId: string, messageId: string): Promise<{ offset: number }>;
  react(caller: Caller, roomId: string, messageId: string, emoji: string, on: boolean): Promise<{ offset: number }>;
  pin(caller: Caller, roomId: string, messageId: string, on: boolean): Promise<{ offset: number }>;
  /** Oldest first. Without `before`, `after` and `around` the newest page. */
  page(
    roomId: string,
    query: {
      before?: number | undefined;
      after?: number | undefined;
      around?: string | undefined;
      limit: number;
    },
  ): Promise<MessagePage>;
  /** Throws `message.not_found`. A deleted message comes as its tombstone. */
  get(roomId: string, messageId: string): Promise<Message>;
  /** Pinned messages that are not deleted, newest pin first. */
  pins(roomId: string): Promise<Message[]>;
  /** Earlier texts of a message, newest first. */
  revisions(roomId: string, messageId: string): Promise<{ message: string; replacedAt: string }[]>;
  present(rows: readonly MessageRow[]): Promise<Message[]>;
  markRead(caller: Caller, roomId: string, offset: number): Promise<ReadState>;
  /** Rooms that the account is no member of are absent. */
  unread(accountId: string, roomIds: readonly string[]): Promise<Map<string, ReadState>>;
}

/** Why a caller who may read may not write. `until` is in milliseconds since 1970, absent without an end. */
export interface WriteBlock {
  code: ErrorCode;
  message: string;
  until?: number;
}

/** Settings of the server that chat needs. */
export interface ChatSettings {
  /** What guests may do in `general` when it is first made. */
  guests: GuestAccess;
}
