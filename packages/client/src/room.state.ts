import type { Message, PresenceState, Profile, RoomView } from "@foyer/protocol";
import type { FoyerErrorCode } from "./foyer.error.ts";
import type { RoomSnapshot } from "./room.types.ts";

/** What the change of a message to `version` added to the counts, or took. `offset` is where the message was created. */
export interface Delta {
  readonly messageId: string;
  readonly offset: number;
  readonly version: number;
  readonly unread: number;
  readonly mentions: number;
}

/**
 * Unread counts: what the server counted up to the room's offset `at`, and what changes after it add or take.
 * `unread` and `mentions` are the server's part alone.
 */
export interface Tally {
  readonly readOffset: number;
  readonly at: number;
  readonly unread: number;
  readonly mentions: number;
  readonly deltas: readonly Delta[];
}

export interface TypingProfile {
  readonly profile: Profile;
  readonly until: number;
}

/**
 * Everything known of a room, changed by `reduceRoom` alone.
 *
 * `offset` is the place in the stream up to which frames were applied, for resuming. `messages` has no holes.
 * `beside` keeps the latest states of messages outside the window, so that a page that was fetched before a change
 * and arrives after it does not undo the change; it is bounded, and `lostOffset` is the newest creation it let go.
 * `windowId` changes whenever the window is put elsewhere, so that a page asked for before that is known as late.
 * `keep` bounds the window while it follows the newest messages.
 */
export interface RoomState {
  readonly status: RoomSnapshot["status"];
  readonly error: { code: FoyerErrorCode; message: string } | undefined;
  readonly room: RoomView | undefined;
  readonly epoch: string | undefined;
  readonly offset: number;
  readonly messages: readonly Message[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly beside: ReadonlyMap<string, Message>;
  readonly lostOffset: number;
  readonly windowId: number;
  readonly keep: number;
  readonly presence: PresenceState;
  readonly typing: readonly TypingProfile[];
  readonly tally: Tally;
}

/** How many messages a window that follows the newest ones keeps, and how many states are kept beside it. */
export const windowSize = 1_000;
export const besideSize = 1_000;

export const emptyTally: Tally = { readOffset: 0, at: 0, unread: 0, mentions: 0, deltas: [] };

/** A room of which nothing is known yet. */
export const emptyRoom: RoomState = {
  status: "closed",
  error: undefined,
  room: undefined,
  epoch: undefined,
  offset: 0,
  messages: [],
  hasOlder: false,
  hasNewer: false,
  beside: new Map(),
  lostOffset: 0,
  windowId: 0,
  keep: windowSize,
  presence: { count: 0 },
  typing: [],
  tally: emptyTally,
};
