import type { Message } from "@foyer/protocol";
import type { Outbox } from "./outbox.ts";
import type { Pager } from "./room.pager.ts";
import type { RoomState } from "./room.state.ts";
import { totals } from "./room.tally.ts";
import type { PendingMessage, RoomSnapshot } from "./room.types.ts";

/** How far back the window is searched for messages that are still pending: they are among the newest. */
const searchDepth = 200;

/** What is shown of a room. `previous` is given back when it would be the same. */
export function takeSnapshot(
  previous: RoomSnapshot | undefined,
  state: RoomState,
  parts: { outbox: Outbox; pager: Pager; self: string | undefined },
): RoomSnapshot {
  const next: RoomSnapshot = {
    status: state.status,
    ...(state.error && { error: state.error }),
    ...(state.room && { room: state.room }),
    messages: state.messages,
    pending: stillPending(parts.outbox.pending(), state.messages, parts.self),
    hasOlder: state.hasOlder,
    hasNewer: state.hasNewer,
    loadingOlder: parts.pager.loadingOlder,
    loadingNewer: parts.pager.loadingNewer,
    presence: state.presence,
    typing: state.typing.map((entry) => entry.profile),
    readOffset: state.tally.readOffset,
    ...totals(state.tally),
  };
  if (!previous) return next;
  // Lists that hold the same things stay the same object, for views that compare by identity.
  const kept = {
    ...next,
    messages: sameItems(previous.messages, next.messages),
    pending: sameItems(previous.pending, next.pending),
    typing: sameItems(previous.typing, next.typing),
  };
  const keys = new Set([...Object.keys(previous), ...Object.keys(kept)]) as Set<keyof RoomSnapshot>;
  return [...keys].every((key) => Object.is(previous[key], kept[key])) ? previous : kept;
}

/** A message may come in before its acknowledgement: from then on it is not shown twice. */
function stillPending(
  pending: readonly PendingMessage[],
  messages: readonly Message[],
  self: string | undefined,
): readonly PendingMessage[] {
  if (pending.length === 0) return pending;
  const arrived = new Set<string>();
  for (const message of messages.slice(-searchDepth)) {
    const own = self === undefined || message.author.accountId === self;
    if (own && message.clientId !== undefined) arrived.add(message.clientId);
  }
  return pending.filter((entry) => !arrived.has(entry.clientId));
}

function sameItems<T>(previous: readonly T[], next: readonly T[]): readonly T[] {
  if (previous.length !== next.length) return next;
  return next.every((item, index) => item === previous[index]) ? previous : next;
}
