import type { Message, MessagePage, Profile, ReplyData, ServerFrameOf } from "@foyer/protocol";
import type { FoyerErrorCode } from "./foyer.error.ts";
import { emptyRoom, type RoomState } from "./room.state.ts";
import { countChange, markReadLocally, recount } from "./room.tally.ts";
import { extend, known, place, replace } from "./room.window.ts";

/** What can happen to a room. `self` is the account that looks at it, undefined for somebody without one. */
export type RoomEvent =
  | { type: "subscribing" }
  | { type: "subscribed"; data: ReplyData<"subscribe">; resumed: boolean; self: string | undefined }
  | { type: "refused"; error: { code: FoyerErrorCode; message: string } }
  | { type: "messages"; messages: readonly Message[]; offset: number; self: string | undefined }
  | { type: "changed"; frame: ServerFrameOf<"room">; self: string | undefined }
  | { type: "counted"; readOffset: number; unread: number; mentions: number; at?: number | undefined }
  | { type: "marked"; offset: number }
  | { type: "present"; frame: ServerFrameOf<"presence"> }
  | { type: "typing"; profile: Profile; until: number }
  | { type: "quiet"; now: number }
  | { type: "page"; place: "older" | "newer" | "elsewhere"; windowId: number; page: MessagePage }
  | { type: "offline" }
  | { type: "released" }
  | { type: "forgotten" };

/** The next state of a room. Pure; gives back the same object when nothing changed. */
export function reduceRoom(state: RoomState, event: RoomEvent): RoomState {
  switch (event.type) {
    case "subscribing":
      return { ...state, status: state.epoch === undefined ? "loading" : "stale", error: undefined };
    case "subscribed":
      return subscribed(state, event);
    case "refused":
      return { ...emptyRoom, status: "error", error: event.error, windowId: state.windowId + 1 };
    case "messages":
      // What comes in before the answer to a subscribe is in that answer, too; applying it early could skip a gap.
      return state.status === "live" ? applyMessages(state, event.messages, event.offset, event.self, true) : state;
    case "changed":
      return changed(state, event.frame, event.self);
    case "counted":
      return { ...state, tally: recount(state.tally, { ...numbers(event), at: event.at ?? state.offset }) };
    case "marked":
      return withTally(state, markReadLocally(state.tally, event.offset, state.offset));
    case "present":
      return { ...state, presence: present(state.presence, event.frame) };
    case "typing": {
      const others = state.typing.filter((entry) => entry.profile.accountId !== event.profile.accountId);
      return { ...state, typing: [...others, { profile: event.profile, until: event.until }] };
    }
    case "quiet": {
      const typing = state.typing.filter((entry) => entry.until > event.now);
      return typing.length === state.typing.length ? state : { ...state, typing };
    }
    case "page":
      return paged(state, event);
    case "offline":
      return offline(state);
    case "released":
      return { ...state, status: "closed", error: undefined, typing: [], presence: { count: 0 } };
    case "forgotten":
      return { ...emptyRoom, status: state.status === "closed" ? "closed" : "loading", windowId: state.windowId + 1 };
  }
}

function numbers(event: { readOffset: number; unread: number; mentions: number }) {
  return { readOffset: event.readOffset, unread: event.unread, mentions: event.mentions };
}

function withTally(state: RoomState, tally: RoomState["tally"]): RoomState {
  return tally === state.tally ? state : { ...state, tally };
}

/** The answer to a subscribe. `resumed`: the request named a place; only then can the answer add to what is here. */
function subscribed(state: RoomState, event: Extract<RoomEvent, { type: "subscribed" }>): RoomState {
  const { data } = event;
  const sameStream = state.epoch === data.epoch;
  const adds = event.resumed && data.recovered && sameStream;
  const base = adds
    ? applyMessages(state, data.messages, data.offset, event.self, false)
    : {
        ...state,
        ...replace(state, { messages: data.messages, hasMore: data.hasMore, hasNewer: false }, sameStream),
        offset: sameStream ? Math.max(state.offset, data.offset) : data.offset,
      };
  const { readOffset, room } = data;
  const count = { readOffset, unread: room.unread, mentions: room.mentions, at: data.offset };
  return {
    ...base,
    status: "live",
    error: undefined,
    room,
    epoch: data.epoch,
    presence: data.presence,
    tally: sameStream ? recount(base.tally, count) : { ...count, deltas: [] },
  };
}

function applyMessages(
  state: RoomState,
  messages: readonly Message[],
  offset: number,
  self: string | undefined,
  counting: boolean,
): RoomState {
  const changed = new Map<string, Message>();
  let { tally } = state;
  for (const message of messages) {
    const before = changed.get(message.messageId) ?? known(state, message);
    if (before && before.version >= message.version) continue;
    changed.set(message.messageId, message);
    if (counting && state.room?.joined) tally = countChange(tally, before, message, self);
  }
  const next = Math.max(state.offset, offset);
  if (changed.size === 0) return next === state.offset ? state : { ...state, offset: next };
  const window = place(state, [...changed.values()]);
  const authors = new Set([...changed.values()].map((message) => message.author.accountId));
  const typing = state.typing.filter((entry) => !authors.has(entry.profile.accountId));
  return {
    ...state,
    ...window,
    offset: next,
    tally,
    typing: typing.length === state.typing.length ? state.typing : typing,
  };
}

function changed(state: RoomState, frame: ServerFrameOf<"room">, self: string | undefined): RoomState {
  if (frame.change === "deleted") {
    const error = { code: "room.not_found" as const, message: "The room was deleted." };
    return reduceRoom(state, { type: "refused", error });
  }
  if (state.room === undefined) return state;
  const mine = frame.account !== undefined && frame.account.accountId === self;
  const gone = frame.change === "left" || frame.change === "removed";
  const joined = mine && frame.change === "joined" ? true : mine && gone ? false : state.room.joined;
  if (frame.room === undefined) return { ...state, room: { ...state.room, joined } };
  // A room that was reopened comes without the time of its archiving; the old one must not shine through.
  const { archivedAt: _, ...own } = state.room;
  return { ...state, room: { ...own, ...frame.room, joined } };
}

function present(presence: RoomState["presence"], frame: ServerFrameOf<"presence">): RoomState["presence"] {
  if (presence.accounts === undefined) return { count: frame.count };
  const left = new Set(frame.left);
  for (const profile of frame.joined ?? []) left.add(profile.accountId);
  const stayed = presence.accounts.filter((profile) => !left.has(profile.accountId));
  const accounts = [...stayed, ...(frame.joined ?? [])];
  // A room that has grown large is told in numbers alone: names that are no longer kept up would be wrong.
  const named = frame.joined !== undefined || frame.left !== undefined || frame.count === accounts.length;
  return named ? { count: frame.count, accounts } : { count: frame.count };
}

function paged(state: RoomState, event: Extract<RoomEvent, { type: "page" }>): RoomState {
  if (event.windowId !== state.windowId) return state;
  if (event.place === "elsewhere") return { ...state, ...replace(state, event.page, true) };
  return { ...state, ...extend(state, event.page, event.place) };
}

function offline(state: RoomState): RoomState {
  const status = state.status === "live" ? "stale" : state.status;
  return status === state.status && state.typing.length === 0 ? state : { ...state, status, typing: [] };
}
