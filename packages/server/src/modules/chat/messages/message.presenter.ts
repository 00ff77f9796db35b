import type { Message, Profile, Reaction, ReplyPreview } from "@foyer/protocol";
import { isoTime } from "../../../platform/clock/clock.ts";
import type { Accounts } from "../chat.ports.ts";
import { excerpt } from "./message.text.ts";
import type { MessageRow, MessagesStore } from "./messages.store.ts";

/** Turns rows into messages as they travel: with authors, reactions and what they reply to. */
export class MessagePresenter {
  private readonly store: MessagesStore;
  private readonly accounts: Accounts;

  constructor(store: MessagesStore, accounts: Accounts) {
    this.store = store;
    this.accounts = accounts;
  }

  /**
   * The messages in the order of `rows`. Rows of which `isNew` says that they were just created have no reactions
   * yet, so that none are looked up.
   */
  async present(rows: readonly MessageRow[], isNew: (row: MessageRow) => boolean = () => false): Promise<Message[]> {
    const replied = [...new Set(rows.flatMap((row) => (row.reply_to === null ? [] : [row.reply_to])))];
    const old = rows.filter((row) => !isNew(row) && row.deleted_at === null).map((row) => row.id);
    const [targets, reactions] = await Promise.all([this.store.byIds(replied), this.reactions(old)]);
    const people = new Set([...rows, ...targets].map((row) => row.author_id));
    const profiles = await this.accounts.profiles([...people]);
    const previews = new Map(targets.map((row) => [row.id, previewOf(row, profiles)]));
    return rows.map((row) =>
      messageOf(
        row,
        authorOf(row.author_id, profiles),
        reactions.get(row.id) ?? [],
        row.reply_to === null ? undefined : previews.get(row.reply_to),
      ),
    );
  }

  private async reactions(messageIds: readonly string[]): Promise<Map<string, Reaction[]>> {
    const byMessage = new Map<string, Reaction[]>();
    for (const { messageId, ...reaction } of await this.store.reactions(messageIds)) {
      const list = byMessage.get(messageId);
      if (list === undefined) byMessage.set(messageId, [reaction]);
      else list.push(reaction);
    }
    return byMessage;
  }
}

/** Accounts that were deleted leave their messages behind, without a name. */
function authorOf(accountId: string, profiles: Map<string, Profile>): Profile {
  return profiles.get(accountId) ?? { accountId, handle: "deleted", displayName: "Deleted account" };
}

function previewOf(row: MessageRow, profiles: Map<string, Profile>): ReplyPreview {
  return { messageId: row.id, author: authorOf(row.author_id, profiles), excerpt: excerpt(row.body) };
}

function messageOf(
  row: MessageRow,
  author: Profile,
  reactions: Reaction[],
  replyTo: ReplyPreview | undefined,
): Message {
  return {
    messageId: row.id,
    roomId: row.room_id,
    offset: row.offset,
    version: row.version,
    author,
    message: row.body,
    createdAt: isoTime(row.created_at),
    ...(row.edited_at !== null && { editedAt: isoTime(row.edited_at) }),
    ...(row.deleted_at !== null && { deletedAt: isoTime(row.deleted_at) }),
    ...(row.pinned_at !== null && { pinnedAt: isoTime(row.pinned_at) }),
    ...(row.client_id !== null && { clientId: row.client_id }),
    ...(replyTo !== undefined && { replyTo }),
    reactions,
    mentions: {
      accounts: row.mentions === null ? [] : (JSON.parse(row.mentions) as string[]),
      room: row.mentions_room === 1,
    },
    attachments: [],
  };
}
