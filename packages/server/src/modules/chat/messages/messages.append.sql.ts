import type { Transaction } from "kysely";
import type { Engine } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import type { MessageRow, StreamCommand, StreamResult } from "./messages.store.ts";

type Tx = Transaction<ChatTables>;
type Send = Extract<StreamCommand, { kind: "send" }>;
type Change = Exclude<StreamCommand, { kind: "send" }>;

/** Different emoji that one message can carry. */
const maxEmoji = 20;
/** Rows in one INSERT: bounded by the number of parameters that SQLite takes, and by what is worth it. */
const rowsPerInsert = 50;

/** The rooms of a batch, locked, with the offsets that they have reached. */
class Heads {
  private readonly offsets: Map<string, number>;
  private readonly touched = new Map<string, number | null>();

  constructor(rows: readonly { id: string; head_offset: number }[]) {
    this.offsets = new Map(rows.map((row) => [row.id, row.head_offset]));
  }

  has(roomId: string): boolean {
    return this.offsets.has(roomId);
  }

  take(roomId: string): number {
    const next = (this.offsets.get(roomId) ?? 0) + 1;
    this.offsets.set(roomId, next);
    if (!this.touched.has(roomId)) this.touched.set(roomId, null);
    return next;
  }

  /** Gives back the last `count` offsets of a room. */
  giveBack(roomId: string, count: number): void {
    this.offsets.set(roomId, (this.offsets.get(roomId) ?? 0) - count);
  }

  sentAt(roomId: string, at: number): void {
    this.touched.set(roomId, at);
  }

  changes(): { roomId: string; offset: number; lastMessageAt: number | null }[] {
    return [...this.touched].map(([roomId, lastMessageAt]) => ({
      roomId,
      offset: this.offsets.get(roomId) ?? 0,
      lastMessageAt,
    }));
  }
}

/** Does `commands` inside a transaction. See `MessagesStore.append` for what is promised. */
export async function appendCommands(
  tx: Tx,
  engine: Engine,
  commands: readonly StreamCommand[],
): Promise<StreamResult[]> {
  const roomIds = [...new Set(commands.map((command) => command.roomId))].sort();
  // The lock on the room's row is what gives one order between nodes; sorted, so that two batches cannot deadlock.
  let lock = tx.selectFrom("rooms").select(["id", "head_offset"]).where("id", "in", roomIds).orderBy("id");
  if (engine === "postgres") lock = lock.forUpdate();
  const heads = new Heads(await lock.execute());

  const results: StreamResult[] = [];
  let sends: Send[] = [];
  const flushSends = async () => {
    if (sends.length === 0) return;
    results.push(...(await insertMessages(tx, heads, sends)));
    sends = [];
  };
  for (const command of commands) {
    if (command.kind === "send" && heads.has(command.roomId)) {
      sends.push(command);
      continue;
    }
    await flushSends();
    results.push(
      command.kind === "send" || !heads.has(command.roomId)
        ? { outcome: "refused", code: "room.not_found" }
        : await change(tx, heads, command),
    );
  }
  await flushSends();

  for (const { roomId, offset, lastMessageAt } of heads.changes()) {
    await tx
      .updateTable("rooms")
      .set(lastMessageAt === null ? { head_offset: offset } : { head_offset: offset, last_message_at: lastMessageAt })
      .where("id", "=", roomId)
      .execute();
  }
  return results;
}

/**
 * Inserts sends in one go. Nearly always none of them is a repetition, so that is assumed first; only when the unique
 * key says otherwise are the repetitions looked up and left out.
 */
async function insertMessages(tx: Tx, heads: Heads, sends: readonly Send[]): Promise<StreamResult[]> {
  const rows = sends.map((send) => rowOf(send, heads.take(send.roomId)));
  const inserted = await insertNew(tx, rows);
  if (inserted.size === rows.length) {
    for (const send of sends) heads.sentAt(send.roomId, send.at);
    await insertMentions(tx, rows);
    return rows.map((row) => ({ outcome: "changed", row }));
  }

  if (inserted.size > 0)
    await tx
      .deleteFrom("messages")
      .where("id", "in", [...inserted])
      .execute();
  for (const row of rows) heads.giveBack(row.room_id, 1);
  const known = await findRepeated(tx, sends);
  const fresh: Send[] = [];
  const freshPlaces = new Map<string, number>();
  // For each send either the row that exists, or the place of the new row: two sends can share one.
  const places = sends.map((send): MessageRow | { fresh: number; repeated: boolean } => {
    const key = onceKey(send);
    const existing = known.get(key);
    if (send.clientId !== null && existing !== undefined) return existing;
    const twin = freshPlaces.get(key);
    if (send.clientId !== null && twin !== undefined) return { fresh: twin, repeated: true };
    freshPlaces.set(key, fresh.length);
    fresh.push(send);
    return { fresh: fresh.length - 1, repeated: false };
  });
  const freshRows = fresh.map((send) => rowOf(send, heads.take(send.roomId)));
  if (freshRows.length > 0) await insertNew(tx, freshRows);
  for (const send of fresh) heads.sentAt(send.roomId, send.at);
  await insertMentions(tx, freshRows);
  return places.map((place): StreamResult => {
    if (!("fresh" in place)) return { outcome: "unchanged", row: place };
    return { outcome: place.repeated ? "unchanged" : "changed", row: freshRows[place.fresh] as MessageRow };
  });
}

function rowOf(send: Send, offset: number): MessageRow {
  return {
    id: send.messageId,
    room_id: send.roomId,
    offset,
    version: offset,
    author_id: send.authorId,
    body: send.body,
    client_id: send.clientId,
    reply_to: send.replyTo,
    mentions: send.mentions.accounts.length > 0 ? JSON.stringify(send.mentions.accounts) : null,
    mentions_room: send.mentions.room ? 1 : 0,
    created_at: send.at,
    edited_at: null,
    deleted_at: null,
    deleted_by: null,
    pinned_at: null,
    pinned_by: null,
  };
}

/** Ids of the rows that went in; the others collided with the unique key. */
async function insertNew(tx: Tx, rows: readonly MessageRow[]): Promise<Set<string>> {
  const inserted = new Set<string>();
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    const ids = await tx
      .insertInto("messages")
      .values(rows.slice(start, start + rowsPerInsert))
      .onConflict((conflict) =>
        conflict.columns(["room_id", "author_id", "client_id"]).where("client_id", "is not", null).doNothing(),
      )
      .returning("id")
      .execute();
    for (const { id } of ids) inserted.add(id);
  }
  return inserted;
}

function onceKey(key: { roomId: string; authorId: string; clientId: string | null }): string {
  return `${key.roomId} ${key.authorId} ${key.clientId}`;
}

async function findRepeated(tx: Tx, sends: readonly Send[]): Promise<Map<string, MessageRow>> {
  const found = new Map<string, MessageRow>();
  for (const send of sends) {
    if (send.clientId === null || found.has(onceKey(send))) continue;
    const row = await tx
      .selectFrom("messages")
      .select(messageColumns)
      .where("room_id", "=", send.roomId)
      .where("author_id", "=", send.authorId)
      .where("client_id", "=", send.clientId)
      .executeTakeFirst();
    if (row !== undefined) found.set(onceKey(send), row);
  }
  return found;
}

async function insertMentions(tx: Tx, rows: readonly MessageRow[]): Promise<void> {
  const mentions = rows.flatMap((row) =>
    row.mentions === null
      ? []
      : (JSON.parse(row.mentions) as string[]).map((accountId) => ({
          account_id: accountId,
          room_id: row.room_id,
          offset: row.offset,
          message_id: row.id,
        })),
  );
  if (mentions.length > 0) await tx.insertInto("mentions").values(mentions).execute();
}

async function change(tx: Tx, heads: Heads, command: Change): Promise<StreamResult> {
  const before = await tx
    .selectFrom("messages")
    .select(messageColumns)
    .where("id", "=", command.messageId)
    .where("room_id", "=", command.roomId)
    .executeTakeFirst();
  if (before === undefined) return { outcome: "refused", code: "message.not_found" };
  if (before.deleted_at !== null) {
    return command.kind === "delete"
      ? { outcome: "unchanged", row: before }
      : { outcome: "refused", code: "message.deleted" };
  }
  switch (command.kind) {
    case "edit":
      return edit(tx, heads, command, before);
    case "delete":
      await tx
        .deleteFrom("mentions")
        .where("message_id", "=", before.id)
        .where("room_id", "=", before.room_id)
        .execute();
      await tx.deleteFrom("reactions").where("message_id", "=", before.id).execute();
      await keepRevision(tx, before, command.revisionId, command.at);
      return update(tx, heads, before, {
        body: "",
        mentions: null,
        mentions_room: 0,
        pinned_at: null,
        pinned_by: null,
        deleted_at: command.at,
        deleted_by: command.by,
      });
    case "pin":
      if ((before.pinned_at !== null) === command.on) return { outcome: "unchanged", row: before };
      return update(tx, heads, before, {
        pinned_at: command.on ? command.at : null,
        pinned_by: command.on ? command.by : null,
      });
    case "react":
      return react(tx, heads, command, before);
  }
}

async function edit(
  tx: Tx,
  heads: Heads,
  command: Extract<Change, { kind: "edit" }>,
  before: MessageRow,
): Promise<StreamResult> {
  if (before.author_id !== command.authorId) return { outcome: "refused", code: "message.forbidden" };
  if (before.body === command.body) return { outcome: "unchanged", row: before };
  await keepRevision(tx, before, command.revisionId, command.at);
  await tx.deleteFrom("mentions").where("message_id", "=", before.id).where("room_id", "=", before.room_id).execute();
  const result = await update(tx, heads, before, {
    body: command.body,
    edited_at: command.at,
    mentions: command.mentions.accounts.length > 0 ? JSON.stringify(command.mentions.accounts) : null,
    mentions_room: command.mentions.room ? 1 : 0,
  });
  if (result.outcome === "changed") await insertMentions(tx, [result.row]);
  return result;
}

async function keepRevision(tx: Tx, before: MessageRow, revisionId: string, at: number): Promise<void> {
  await tx
    .insertInto("revisions")
    .values({ id: revisionId, message_id: before.id, body: before.body, replaced_at: at })
    .execute();
}

async function react(
  tx: Tx,
  heads: Heads,
  command: Extract<Change, { kind: "react" }>,
  before: MessageRow,
): Promise<StreamResult> {
  const key = { message_id: before.id, emoji: command.emoji, account_id: command.accountId };
  if (!command.on) {
    const removed = await tx
      .deleteFrom("reactions")
      .where((eb) => eb.and(key))
      .executeTakeFirst();
    return Number(removed.numDeletedRows) === 0 ? { outcome: "unchanged", row: before } : update(tx, heads, before, {});
  }
  const emojis = await tx
    .selectFrom("reactions")
    .select("emoji")
    .distinct()
    .where("message_id", "=", before.id)
    .execute();
  if (emojis.length >= maxEmoji && !emojis.some(({ emoji }) => emoji === command.emoji)) {
    return { outcome: "refused", code: "message.too_many_reactions" };
  }
  const added = await tx
    .insertInto("reactions")
    .values({ ...key, room_id: before.room_id, created_at: command.at })
    .onConflict((conflict) => conflict.columns(["message_id", "emoji", "account_id"]).doNothing())
    .returning("emoji")
    .execute();
  return added.length === 0 ? { outcome: "unchanged", row: before } : update(tx, heads, before, {});
}

async function update(tx: Tx, heads: Heads, before: MessageRow, changes: Partial<MessageRow>): Promise<StreamResult> {
  const changed = { ...changes, version: heads.take(before.room_id) };
  await tx.updateTable("messages").set(changed).where("id", "=", before.id).execute();
  return { outcome: "changed", row: { ...before, ...changed } };
}

/** The columns of `MessageRow`. */
export const messageColumns = [
  "id",
  "room_id",
  "offset",
  "version",
  "author_id",
  "body",
  "client_id",
  "reply_to",
  "mentions",
  "mentions_room",
  "created_at",
  "edited_at",
  "deleted_at",
  "deleted_by",
  "pinned_at",
  "pinned_by",
] as const;
