import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller, Caller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../../platform/limits/rate.limiter.ts";
import type { Access, RoomContext } from "../access.ts";
import { outranks } from "../chat.policy.ts";
import type { Accounts, Messages, ReadState, RoomBroadcast } from "../chat.ports.ts";
import type { Committed, MessageCommitter } from "./message.committer.ts";
import type { MessagePresenter } from "./message.presenter.ts";
import { mentionedHandles, normalizeText } from "./message.text.ts";
import type { Mentions, MessageRow, MessagesStore, PageQuery, StreamCommand } from "./messages.store.ts";

export interface MessagesDeps {
  store: MessagesStore;
  presenter: MessagePresenter;
  committer: MessageCommitter;
  access: Access;
  accounts: Accounts;
  broadcast: RoomBroadcast;
  limiter: RateLimiter;
  audit: Audit;
  clock: Clock;
  ids: Ids;
  /** Throws `message.filtered`. */
  filter(text: string): void | Promise<void>;
  /** Makes an account a member of a public room that it writes in. */
  join(caller: AccountCaller, roomId: string): Promise<void>;
  limits: { messageCharacters: number; messagesPer5Seconds: number };
}

type SendInput = { roomId: string; message: string; clientId?: string | undefined; replyTo?: string | undefined };

/** The message stream of rooms: who may, what is valid, and then the committer. */
export class RoomMessages implements Messages {
  private readonly deps: MessagesDeps;

  constructor(deps: MessagesDeps) {
    this.deps = deps;
  }

  async send(caller: Caller, input: SendInput) {
    return this.commitSend(await this.prepareSend(caller, input));
  }

  /** Commits what `prepareSend` gave. */
  async commitSend(command: StreamCommand) {
    const { messageId, offset, unchanged } = await this.deps.committer.commit(command);
    return { messageId, offset, duplicate: unchanged };
  }

  /**
   * Everything that is checked before a message is handed in. Apart from the commit, so that a connection can hand in
   * its next message without waiting for this one. Throws `room.*`, `message.*`, `member.*`, `rate.limited`.
   */
  async prepareSend(caller: Caller, input: SendInput): Promise<StreamCommand> {
    const { deps } = this;
    const context = await this.context(caller, input.roomId);
    if (context.writeBlock !== null) throw blocked(context.writeBlock, deps.clock.now());
    const account = accountOf(caller);
    const body = normalizeText(input.message, deps.limits.messageCharacters);
    if (!context.rights.moderate) await deps.filter(body);
    await this.take(account, context, input.clientId);
    if (input.replyTo !== undefined) await this.find(input.roomId, input.replyTo);
    const mentions = await this.mentions(account, context, body);
    if (context.member === null && context.room.kind === "public" && account.role !== "guest") {
      await deps.join(account, input.roomId);
    }
    return {
      kind: "send",
      roomId: input.roomId,
      messageId: deps.ids.uuid(),
      authorId: account.accountId,
      body,
      clientId: input.clientId ?? null,
      replyTo: input.replyTo ?? null,
      mentions,
      at: deps.clock.now(),
    };
  }

  async edit(caller: Caller, roomId: string, messageId: string, text: string): Promise<{ offset: number }> {
    const context = await this.writable(caller, roomId);
    const account = accountOf(caller);
    const body = normalizeText(text, this.deps.limits.messageCharacters);
    if (!context.rights.moderate) await this.deps.filter(body);
    await this.allow(account);
    return this.change({
      kind: "edit",
      roomId,
      messageId,
      authorId: account.accountId,
      body,
      mentions: await this.mentions(account, context, body),
      revisionId: this.deps.ids.uuid(),
      at: this.deps.clock.now(),
    });
  }

  /** One's own message; or as a moderator one of somebody of lower rank. Works while muted: taking back is allowed. */
  async remove(caller: Caller, roomId: string, messageId: string): Promise<{ offset: number }> {
    const context = await this.context(caller, roomId);
    const account = accountOf(caller);
    const row = await this.find(roomId, messageId);
    const isOwn = row.author_id === account.accountId;
    if (!isOwn) await this.mayModerate(account, context, row);
    const { accountId } = account;
    const revisionId = this.deps.ids.uuid();
    const at = this.deps.clock.now();
    const changed = await this.change({ kind: "delete", roomId, messageId, by: accountId, revisionId, at });
    if (!isOwn) {
      await this.deps.audit.record({
        actorId: accountId,
        action: "message.deleted",
        subject: { kind: "message", id: messageId },
        details: { roomId, authorId: row.author_id },
      });
    }
    return changed;
  }

  private async mayModerate(account: AccountCaller, context: RoomContext, row: MessageRow): Promise<void> {
    const role = (await this.deps.accounts.role(row.author_id)) ?? "guest";
    const actor = { role: account.role, roomRole: context.member?.roomRole ?? null };
    if (!context.rights.moderate || !outranks(context.room, actor, { role, roomRole: "member" })) {
      throw new AppError("message.forbidden", "You may delete only your own messages here.");
    }
  }

  async react(caller: Caller, roomId: string, messageId: string, emoji: string, on: boolean) {
    await this.writable(caller, roomId);
    const account = accountOf(caller);
    await this.allow(account);
    const { accountId } = account;
    return this.change({ kind: "react", roomId, messageId, accountId, emoji, on, at: this.deps.clock.now() });
  }

  /** Moderators pin; in direct rooms everybody in them. */
  async pin(caller: Caller, roomId: string, messageId: string, on: boolean): Promise<{ offset: number }> {
    const context = await this.writable(caller, roomId);
    const account = accountOf(caller);
    if (!context.rights.moderate && context.room.kind !== "direct") {
      throw new AppError("message.forbidden", "Only moderators may pin messages here.");
    }
    return this.change({ kind: "pin", roomId, messageId, by: account.accountId, on, at: this.deps.clock.now() });
  }

  async page(roomId: string, query: Parameters<Messages["page"]>[1]) {
    const range: PageQuery = { limit: query.limit };
    if (query.around !== undefined) range.around = (await this.find(roomId, query.around)).offset;
    else if (query.before !== undefined) range.before = query.before;
    else if (query.after !== undefined) range.after = query.after;
    const { rows, hasMore, hasNewer } = await this.deps.store.page(roomId, range);
    return { messages: await this.deps.presenter.present(rows), hasMore, hasNewer };
  }

  async get(roomId: string, messageId: string) {
    const [message] = await this.deps.presenter.present([await this.find(roomId, messageId)]);
    if (message === undefined) throw new AppError("message.not_found", "There is no such message.");
    return message;
  }

  async pins(roomId: string) {
    return this.deps.presenter.present(await this.deps.store.pinned(roomId));
  }

  async revisions(roomId: string, messageId: string) {
    await this.find(roomId, messageId);
    const earlier = await this.deps.store.revisions(messageId);
    return earlier.map(({ message, replacedAt }) => ({ message, replacedAt: isoTime(replacedAt) }));
  }

  present(rows: readonly MessageRow[]) {
    return this.deps.presenter.present(rows);
  }

  /** Moves the marker of an account's membership and tells its other devices. Guests and visitors have none. */
  async markRead(caller: Caller, roomId: string, offset: number): Promise<ReadState> {
    await this.context(caller, roomId);
    const marker =
      caller.kind === "account" ? await this.deps.store.markRead(caller.accountId, roomId, offset) : undefined;
    if (marker === undefined || caller.kind !== "account") return { readOffset: offset, unread: 0, mentions: 0 };
    const { readOffset, unread, mentions, at } = marker;
    this.deps.broadcast.account(caller.accountId, { type: "read", roomId, offset: readOffset, unread, mentions, at });
    return marker;
  }

  unread(accountId: string, roomIds: readonly string[]): Promise<Map<string, ReadState>> {
    return this.deps.store.markers(accountId, roomIds);
  }

  private async change(command: StreamCommand): Promise<{ offset: number }> {
    const { offset }: Committed = await this.deps.committer.commit(command);
    return { offset };
  }

  private async context(caller: Caller, roomId: string): Promise<RoomContext> {
    return this.deps.access.cached(caller, roomId) ?? this.deps.access.load(caller, roomId);
  }

  private async writable(caller: Caller, roomId: string): Promise<RoomContext> {
    const context = await this.context(caller, roomId);
    if (context.writeBlock !== null) throw blocked(context.writeBlock, this.deps.clock.now());
    return context;
  }

  private async find(roomId: string, messageId: string): Promise<MessageRow> {
    const [row] = await this.deps.store.byIds([messageId]);
    if (row?.room_id !== roomId) throw new AppError("message.not_found", "There is no such message.");
    return row;
  }

  /** The account's rate limit, then the room's slow mode, unless it is a repetition of what was sent before. */
  private async take(account: AccountCaller, context: RoomContext, clientId: string | undefined): Promise<void> {
    try {
      await this.allow(account);
      await this.waitTurn(account, context);
    } catch (error) {
      const { store } = this.deps;
      if (clientId === undefined || !(await store.wasSent(context.room.id, account.accountId, clientId))) throw error;
    }
  }

  /** Slow mode, which moderators need not wait for. */
  private async waitTurn(account: AccountCaller, context: RoomContext): Promise<void> {
    const seconds = context.room.slow_mode_seconds;
    if (seconds === 0 || context.rights.moderate) return;
    const key = `slow:${context.room.id}:${account.accountId}`;
    const permit = await this.deps.limiter.take(key, { capacity: 1, perSecond: 1 / seconds });
    if (permit.ok) return;
    const { retryAfter } = permit;
    throw new AppError("message.slow_mode", `Slow mode: you can write again in ${retryAfter} s.`, { retryAfter });
  }

  private async allow(account: AccountCaller): Promise<void> {
    const count = this.deps.limits.messagesPer5Seconds;
    if (count === 0) return;
    const bucket = { capacity: count, perSecond: count / 5 };
    const permit = await this.deps.limiter.take(`messages:${account.accountId}`, bucket);
    if (permit.ok) return;
    throw new AppError("rate.limited", "You are writing too fast.", { retryAfter: permit.retryAfter });
  }

  private async mentions(account: AccountCaller, context: RoomContext, body: string): Promise<Mentions> {
    const { handles, room } = mentionedHandles(body);
    const found = handles.length === 0 ? [] : await this.deps.accounts.findByHandles(handles);
    return {
      accounts: found.map((profile) => profile.accountId).filter((id) => id !== account.accountId),
      room: room && context.rights.mentionRoom,
    };
  }
}

/** Guests that may write have an account by now: the faces give them one before they call. */
function accountOf(caller: Caller): AccountCaller {
  if (caller.kind === "account") return caller;
  throw new AppError("auth.required", "Sign in to do that.");
}

function blocked(block: NonNullable<RoomContext["writeBlock"]>, now: number): AppError {
  if (block.until === undefined) return new AppError(block.code, block.message);
  const retryAfter = Math.max(1, Math.ceil((block.until - now) / 1000));
  return new AppError(block.code, block.message, { retryAfter });
}
