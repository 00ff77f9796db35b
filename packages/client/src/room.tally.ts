import type { Message } from "@foyer/protocol";
import type { Delta, Tally } from "./room.state.ts";

/** Counts stop here, as the server's do. */
export const countLimit = 100;

/** Past this many changes since the server's count they are folded into it. */
const deltaLimit = 2 * countLimit;

/** What the server counted: `at` is the room's offset at that moment. */
export interface ServerCount {
  readOffset: number;
  unread: number;
  mentions: number;
  at: number;
}

type Weight = Pick<Delta, "unread" | "mentions">;

/** Takes over the server's numbers; changes that were seen after them stay on top. */
export function recount(tally: Tally, count: ServerCount): Tally {
  const deltas = tally.deltas.filter((delta) => delta.version > count.at && delta.offset > count.readOffset);
  return { ...count, deltas };
}

/** Marks read up to `offset` ahead of the server's answer. `head` is the room's offset as far as it is known. */
export function markReadLocally(tally: Tally, offset: number, head: number): Tally {
  if (offset <= tally.readOffset) return tally;
  if (offset >= head) return { readOffset: offset, at: offset, unread: 0, mentions: 0, deltas: [] };
  const deltas = tally.deltas.filter((delta) => delta.offset > offset);
  // The server's part can be told apart no further; once all of it lies before the mark it is read.
  const read = offset >= tally.at ? { unread: 0, mentions: 0, at: offset } : {};
  return { ...tally, ...read, readOffset: offset, deltas };
}

/**
 * Counts one change of a message. `before` is its state before, when that is known; `self` the account that reads.
 * Own and deleted messages weigh nothing; an edit may add or take a mention.
 */
export function countChange(
  tally: Tally,
  before: Message | undefined,
  after: Message,
  self: string | undefined,
): Tally {
  const { messageId, offset, version } = after;
  if (offset <= tally.readOffset || version <= tally.at) return tally;
  const was = offset > tally.at ? counted(tally, messageId) : weigh(before ?? assumedBefore(after), self);
  const is = weigh(after, self);
  const delta = { messageId, offset, version, unread: is.unread - was.unread, mentions: is.mentions - was.mentions };
  if (delta.unread === 0 && delta.mentions === 0) return tally;
  return fold({ ...tally, deltas: [...tally.deltas, delta] });
}

/** The numbers to show. */
export function totals(tally: Tally): Weight {
  return { unread: total(tally, "unread"), mentions: total(tally, "mentions") };
}

/** A count at the limit may stand for any larger number, so that nothing can be taken from it. */
function total(tally: Tally, key: keyof Weight): number {
  const sum = tally.deltas.reduce((so, delta) => so + delta[key], tally[key]);
  return tally[key] >= countLimit ? countLimit : Math.min(countLimit, Math.max(0, sum));
}

function weigh(message: Message, self: string | undefined): Weight {
  const counts = message.deletedAt === undefined && message.author.accountId !== self;
  const mentioned = message.mentions.room || (self !== undefined && message.mentions.accounts.includes(self));
  return { unread: counts ? 1 : 0, mentions: counts && mentioned ? 1 : 0 };
}

/** What a message weighs now that was created after the server's count: the sum of its changes. */
function counted(tally: Tally, messageId: string): Weight {
  const own = tally.deltas.filter((delta) => delta.messageId === messageId);
  const sum = (key: keyof Weight) => own.reduce((so, delta) => so + delta[key], 0);
  return { unread: sum("unread"), mentions: sum("mentions") };
}

/** A message that was not seen before its change: one that is deleted now did count, others counted as they do now. */
function assumedBefore(after: Message): Message {
  return after.deletedAt === undefined ? after : { ...after, deletedAt: undefined };
}

/** Folds the older half of many changes into the server's part, so that a room that is never read costs no memory. */
function fold(tally: Tally): Tally {
  if (tally.deltas.length <= deltaLimit) return tally;
  const sorted = tally.deltas.toSorted((a, b) => a.version - b.version);
  const folded = { ...tally, deltas: sorted.slice(0, countLimit) };
  const at = folded.deltas.at(-1)?.version ?? tally.at;
  return { ...tally, ...totals(folded), at, deltas: sorted.slice(countLimit) };
}
