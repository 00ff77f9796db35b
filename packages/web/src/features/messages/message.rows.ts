import type { PendingMessage } from "@foyer/client";
import type { Message, Profile } from "@foyer/protocol";

/** What every line of the list knows, whatever it shows. `key` stays the same when a pending message is confirmed. */
interface RowFrame {
  key: string;
  author: Profile;
  createdAt: string;
  /** Begins a group: shows picture, name and time. */
  head: boolean;
  /** Begins a day: its date stands above. */
  day: boolean;
  /** First message that was not read: the divider stands above. */
  divider: boolean;
}

export type MessageRow =
  | (RowFrame & { message: Message; pending?: never })
  | (RowFrame & { pending: PendingMessage; message?: never });

const groupMs = 5 * 60_000;

export interface RowsInput {
  messages: readonly Message[];
  pending: readonly PendingMessage[];
  /** Who oneself is: the author of pending messages, and never the one whose messages are new. */
  self: Profile | undefined;
  /** Offset up to which all was read when the divider was set; undefined shows none. */
  dividerAfter: number | undefined;
}

/** Lines of the list, oldest first: which begin a group, a day, or what is new. */
export function rowsOf(input: RowsInput): MessageRow[] {
  const rows: MessageRow[] = [];
  let divided = input.dividerAfter === undefined;
  for (const message of input.messages) {
    const isNew =
      !divided && message.offset > (input.dividerAfter ?? 0) && message.author.accountId !== input.self?.accountId;
    if (isNew) divided = true;
    const key =
      message.clientId === undefined ? message.messageId : pendingKey(message.author.accountId, message.clientId);
    rows.push({
      key,
      message,
      author: message.author,
      createdAt: message.createdAt,
      divider: isNew,
      ...placeAfter(rows.at(-1), message.author, message.createdAt, isNew || message.replyTo !== undefined),
    });
  }
  const self = input.self;
  if (self === undefined) return rows;
  for (const pending of input.pending) {
    rows.push({
      key: pendingKey(self.accountId, pending.clientId),
      pending,
      author: self,
      createdAt: pending.createdAt,
      divider: false,
      ...placeAfter(rows.at(-1), self, pending.createdAt, pending.replyTo !== undefined),
    });
  }
  return rows;
}

function pendingKey(accountId: string, clientId: string): string {
  return `${accountId}/${clientId}`;
}

function placeAfter(
  before: MessageRow | undefined,
  author: Profile,
  createdAt: string,
  breaks: boolean,
): { head: boolean; day: boolean } {
  if (before === undefined) return { head: true, day: true };
  const day = dayOf(before.createdAt) !== dayOf(createdAt);
  const close = Date.parse(createdAt) - Date.parse(before.createdAt) < groupMs;
  return { day, head: day || breaks || !close || before.author.accountId !== author.accountId };
}

/** Calendar day of a time, in the reader's time zone. */
export function dayOf(iso: string): string {
  const date = new Date(iso);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
