import { setImmediate as turn } from "node:timers/promises";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { MessageCommitter } from "../messages/message.committer.ts";
import type { MessageRow, StreamCommand } from "../messages/messages.store.ts";
import type { OwnMembership, PersonalDataStore } from "./personal.data.store.ts";

export interface PersonalDataDeps {
  store: PersonalDataStore;
  /** Erasing goes the way of every change, so that it has offsets, and everybody who looks sees it. */
  commit: MessageCommitter["commit"];
  /** Takes an account out of a room for good; a private room that is empty then is deleted. */
  depart(accountId: string, membership: OwnMembership): Promise<void>;
  clock: Clock;
  ids: Ids;
}

/** What chat keeps about people: given to them, and erased for them. */
export interface ChatPersonalData {
  /** Memberships, messages with earlier texts, reactions, reports, mutes and bans: a page at a time. */
  export(accountId: string): AsyncIterable<{ kind: string; [field: string]: unknown }>;
  /**
   * Takes the account out of its rooms; with `erase` its messages become tombstones, their earlier texts and quotes go,
   * and its reactions are taken back. Safe to repeat: goes on where it broke off.
   */
  erase(accountId: string, messages: "keep" | "erase"): Promise<void>;
  /** Which of these accounts have written, reacted, joined or been sanctioned. */
  traces(accountIds: readonly string[]): Promise<Set<string>>;
}

const page = 200;

export function createPersonalData({ store, commit, depart, clock, ids }: PersonalDataDeps): ChatPersonalData {
  async function* messagesOf(accountId: string): AsyncGenerator<MessageRow[]> {
    for (let after = ""; ; ) {
      const rows = await store.messages(accountId, after, page);
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < page) return;
      after = last.id;
      // An embedded database answers without a turn of the event loop: others have theirs between two pages.
      await turn();
    }
  }

  async function* reactionsOf(accountId: string) {
    for (let after = { messageId: "", emoji: "" }; ; ) {
      const reactions = await store.reactions(accountId, after, page);
      if (reactions.length > 0) yield reactions;
      const last = reactions.at(-1);
      if (last === undefined || reactions.length < page) return;
      after = last;
      await turn();
    }
  }

  /** What is gone already, by somebody else's hand, is as good as erased. */
  async function attempt(command: StreamCommand): Promise<void> {
    await commit(command).catch((error: unknown) => {
      const isGone = error instanceof AppError && /^(message|room)\.(not_found|deleted)$/.test(error.code);
      if (!isGone) throw error;
    });
  }

  async function eraseMessages(accountId: string): Promise<void> {
    for await (const rows of messagesOf(accountId)) {
      const live = rows.filter((row) => row.deleted_at === null);
      const at = clock.now();
      // Together, so that they become one commit.
      await Promise.all(
        live.map(({ id, room_id }) => {
          const revisionId = ids.uuid();
          return attempt({ kind: "delete", roomId: room_id, messageId: id, by: accountId, revisionId, at });
        }),
      );
      await store.forgetTexts(rows.map(({ id }) => id));
    }
  }

  async function eraseReactions(accountId: string): Promise<void> {
    for await (const reactions of reactionsOf(accountId)) {
      const at = clock.now();
      await Promise.all(
        reactions.map(({ messageId, roomId, emoji }) =>
          attempt({ kind: "react", roomId, messageId, accountId, emoji, on: false, at }),
        ),
      );
    }
  }

  return {
    async *export(accountId) {
      for (const { joinedAt, kind, ...membership } of await store.memberships(accountId)) {
        yield { kind: "membership", ...membership, roomKind: kind, joinedAt: isoTime(joinedAt) };
      }
      for await (const rows of messagesOf(accountId)) {
        const earlier = await store.revisions(rows.map(({ id }) => id));
        for (const row of rows) yield { kind: "message", ...messageLine(row), ...earlierLines(row.id, earlier) };
      }
      for await (const reactions of reactionsOf(accountId)) {
        for (const { createdAt, ...reaction } of reactions) {
          yield { kind: "reaction", ...reaction, createdAt: isoTime(createdAt) };
        }
      }
      for (const { createdAt, ...report } of await store.reports(accountId)) {
        yield { kind: "report", ...report, createdAt: isoTime(createdAt) };
      }
      for (const { kind, createdAt, until, ...sanction } of await store.sanctions(accountId)) {
        const end = until === null ? null : isoTime(until);
        yield { kind: "sanction", sanction: kind, ...sanction, createdAt: isoTime(createdAt), until: end };
      }
    },

    async erase(accountId, messages) {
      for (const membership of await store.memberships(accountId)) await depart(accountId, membership);
      if (messages === "erase") {
        await eraseMessages(accountId);
        await eraseReactions(accountId);
      }
      await store.forgetRest(accountId);
    },

    traces: (accountIds) => store.traces(accountIds),
  };
}

function messageLine(row: MessageRow) {
  return {
    messageId: row.id,
    roomId: row.room_id,
    offset: row.offset,
    message: row.body,
    createdAt: isoTime(row.created_at),
    ...(row.edited_at === null ? {} : { editedAt: isoTime(row.edited_at) }),
    ...(row.deleted_at === null ? {} : { deletedAt: isoTime(row.deleted_at) }),
    ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
  };
}

function earlierLines(messageId: string, all: readonly { messageId: string; message: string; replacedAt: number }[]) {
  const earlier = all.filter((each) => each.messageId === messageId);
  if (earlier.length === 0) return {};
  return { earlier: earlier.map(({ message, replacedAt }) => ({ message, replacedAt: isoTime(replacedAt) })) };
}
