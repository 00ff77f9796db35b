import type { Message, MessagePage } from "@foyer/protocol";
import { besideSize, type RoomState, windowSize } from "./room.state.ts";

/** The window's part of a room. */
export type Window = Pick<
  RoomState,
  "messages" | "hasOlder" | "hasNewer" | "beside" | "lostOffset" | "windowId" | "keep"
>;

/** Index in `messages` (by rising offset) of the first one that is not before `offset`. */
export function indexOf(messages: readonly Message[], offset: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The state in which a message is known, in the window or beside it. */
export function known(window: Window, message: Message): Message | undefined {
  const found = window.messages[indexOf(window.messages, message.offset)];
  return found?.messageId === message.messageId ? found : window.beside.get(message.messageId);
}

/**
 * Puts messages, each already known to be newer than what was held, into the window or beside it. Messages after the
 * last are appended only where the window reaches the newest, those before the first only where it reaches the oldest.
 */
export function place(window: Window, changed: readonly Message[]): Window {
  const messages = [...window.messages];
  const outside: Message[] = [];
  for (const message of changed) {
    const index = indexOf(messages, message.offset);
    if (messages[index]?.messageId === message.messageId) messages[index] = message;
    else if ((index === messages.length && window.hasNewer) || (index === 0 && window.hasOlder)) outside.push(message);
    else messages.splice(index, 0, message);
  }
  return trim({ ...putBeside(window, outside), messages });
}

/** Adds an older page in front, or a newer one behind, each message in the newest state known. */
export function extend(window: Window, page: MessagePage, side: "older" | "newer"): Window {
  const first = window.messages.at(0)?.offset ?? Number.POSITIVE_INFINITY;
  const last = window.messages.at(-1)?.offset ?? 0;
  const added = page.messages
    .filter((message) => (side === "older" ? message.offset < first : message.offset > last))
    .map((message) => newest(message, window.beside.get(message.messageId)));
  const messages = side === "older" ? [...added, ...window.messages] : [...window.messages, ...added];
  const keep = Math.max(window.keep, messages.length + windowSize);
  const extended = { ...window, messages, keep };
  if (side === "older") return takeIn({ ...extended, hasOlder: page.hasMore });
  return takeIn({ ...extended, hasNewer: page.hasNewer });
}

/** Puts the window on a page. `same` says that the page is of the stream that is known, so that versions compare. */
export function replace(window: Window, page: MessagePage, same: boolean): Window {
  const messages = same ? page.messages.map((message) => newest(message, known(window, message))) : page.messages;
  const next = {
    messages,
    hasOlder: page.hasMore,
    hasNewer: page.hasNewer,
    beside: same ? window.beside : new Map<string, Message>(),
    lostOffset: same ? window.lostOffset : 0,
    windowId: window.windowId + 1,
    keep: windowSize,
  };
  return takeIn(next, same ? window.messages : []);
}

function newest(message: Message, other: Message | undefined): Message {
  return other !== undefined && other.version > message.version ? other : message;
}

/**
 * Takes into the window what goes on from its end: live messages that came in while a page was fetched, and that are
 * beside the window or in `earlier`, the window of before.
 */
function takeIn(window: Window, earlier: readonly Message[] = []): Window {
  const last = window.messages.at(-1)?.offset ?? 0;
  const inWindow = new Set(window.messages.map((message) => message.messageId));
  const rest = [...window.beside.values()].filter((message) => !inWindow.has(message.messageId));
  // Something newer than the page was let go meanwhile: the window would have a hole if it claimed to be at the end.
  const hasNewer = window.hasNewer || window.lostOffset > last;
  const after = hasNewer ? [] : [...rest, ...earlier].filter((message) => message.offset > last);
  const beside = new Map(
    rest.filter((message) => !after.includes(message)).map((message) => [message.messageId, message]),
  );
  const messages = [...window.messages, ...after.sort((a, b) => a.offset - b.offset)];
  return { ...window, messages, hasNewer, beside };
}

function putBeside(window: Window, outside: readonly Message[]): Window {
  if (outside.length === 0) return window;
  const beside = new Map(window.beside);
  let lostOffset = window.lostOffset;
  for (const message of outside) {
    beside.delete(message.messageId);
    beside.set(message.messageId, message);
  }
  for (const [id, message] of beside) {
    if (beside.size <= besideSize) break;
    beside.delete(id);
    lostOffset = Math.max(lostOffset, message.offset);
  }
  return { ...window, beside, lostOffset };
}

/** Lets the oldest go once a window that follows the newest is a fifth over its bound: seldom, and many at once. */
function trim(window: Window): Window {
  if (window.hasNewer || window.messages.length <= window.keep * 1.2) return window;
  return { ...window, messages: window.messages.slice(-window.keep), hasOlder: true };
}
