import type { Message, MessagePage, ReplyData, RoomView } from "@foyer/protocol";

/** One thing that happens in a room, by `author` (0 is the reader). `target` picks a message by its number. */
export type Deed =
  | { kind: "create"; author: number; mentions: boolean }
  | { kind: "edit"; target: number; mentions: boolean }
  | { kind: "delete"; target: number }
  | { kind: "react"; target: number };

export const reader = "reader";

/** A room as a server keeps it: every change takes the next offset. The model that the client must agree with. */
export class RoomModel {
  readonly changes: Message[] = [];
  readonly epoch: string;

  constructor(deeds: readonly Deed[], epoch = "e1") {
    this.epoch = epoch;
    for (const deed of deeds) this.apply(deed);
  }

  get head(): number {
    return this.changes.length;
  }

  apply(deed: Deed): void {
    const version = this.head + 1;
    if (deed.kind === "create") {
      this.changes.push(newMessage(version, deed.author === 0 ? reader : `other-${deed.author}`, deed.mentions));
      return;
    }
    const messages = this.at();
    const target = messages[deed.target % Math.max(1, messages.length)];
    if (!target || target.deletedAt !== undefined) return;
    if (deed.kind === "edit") {
      const mentions = { accounts: deed.mentions ? [reader] : [], room: false };
      this.changes.push({ ...target, version, message: `edited at ${version}`, mentions, editedAt: "t" });
    } else if (deed.kind === "delete") {
      this.changes.push({ ...target, version, message: "", deletedAt: "t" });
    } else {
      this.changes.push({ ...target, version, reactions: [{ emoji: "👍", count: version, by: [] }] });
    }
  }

  /** All messages as they were when `offset` was the room's, by rising offset. */
  at(offset = this.head): Message[] {
    const latest = new Map<string, Message>();
    for (const change of this.changes.slice(0, offset)) latest.set(change.messageId, change);
    return [...latest.values()].sort((a, b) => a.offset - b.offset);
  }

  page(query: { before?: number; after?: number; around?: number; limit: number }, at = this.head): MessagePage {
    const all = this.at(at);
    let from = Math.max(0, all.length - query.limit);
    if (query.before !== undefined)
      from = Math.max(0, all.findIndex((m) => m.offset >= (query.before ?? 0)) - query.limit);
    if (query.after !== undefined) from = all.filter((m) => m.offset <= (query.after ?? 0)).length;
    if (query.around !== undefined) {
      from = Math.max(0, all.filter((m) => m.offset < (query.around ?? 0)).length - Math.floor(query.limit / 2));
    }
    let messages = all.slice(from, from + query.limit);
    if (query.before !== undefined) messages = messages.filter((m) => m.offset < (query.before ?? 0));
    const hasNewer = (messages.at(-1)?.offset ?? 0) < (all.at(-1)?.offset ?? 0);
    return { messages, hasMore: from > 0, hasNewer };
  }

  /** The answer to a subscribe. `recoverable` false stands for a gap that is too large. */
  subscribe(
    options: {
      since?: { epoch: string; offset: number };
      at?: number;
      limit?: number;
      readOffset?: number;
      recoverable?: boolean;
    } = {},
  ): ReplyData<"subscribe"> {
    const { since, at = this.head, limit = 50, readOffset = 0, recoverable = true } = options;
    const recovered = since !== undefined && since.epoch === this.epoch && recoverable;
    const page = this.page({ limit }, at);
    const messages = recovered ? this.at(at).filter((message) => message.version > since.offset) : page.messages;
    const room = roomView({ epoch: this.epoch, offset: at, readOffset, ...this.unread(readOffset, at) });
    const { epoch } = this;
    return { room, epoch, offset: at, recovered, messages, hasMore: page.hasMore, presence: { count: 1 }, readOffset };
  }

  /** The counts as a server makes them. */
  unread(readOffset: number, at = this.head): { unread: number; mentions: number } {
    const counted = this.at(at).filter(
      (m) => m.offset > readOffset && m.deletedAt === undefined && m.author.accountId !== reader,
    );
    const mentions = counted.filter((m) => m.mentions.room || m.mentions.accounts.includes(reader)).length;
    return { unread: Math.min(100, counted.length), mentions: Math.min(100, mentions) };
  }
}

function newMessage(offset: number, accountId: string, mentioned: boolean): Message {
  return {
    messageId: `m${offset}`,
    roomId: "r",
    offset,
    version: offset,
    author: { accountId, handle: accountId, displayName: accountId },
    message: `text ${offset}`,
    createdAt: "t",
    reactions: [],
    mentions: { accounts: mentioned ? [reader] : [], room: false },
    attachments: [],
  };
}

/** A room view with everything that a test does not care about. */
export function roomView(over: Partial<RoomView>): RoomView {
  return {
    roomId: "r",
    kind: "public",
    name: "Room",
    topic: "",
    slowModeSeconds: 0,
    guests: "none",
    createdAt: "2026-01-01T00:00:00.000Z",
    memberCount: 1,
    people: [],
    epoch: "e1",
    offset: 0,
    joined: true,
    readOffset: 0,
    unread: 0,
    mentions: 0,
    rights: { write: true, moderate: false, manage: false, mentionRoom: false },
    ...over,
  };
}
