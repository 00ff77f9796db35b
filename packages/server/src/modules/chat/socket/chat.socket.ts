import {
  actionScopes,
  type ClientAction,
  type ClientFrame,
  type ClientFrameOf,
  closeCodes,
  type ErrorCode,
  holdsScope,
  type Limits,
  type ReplyData,
  type Room,
  type RoomView,
  type ServerFrame,
  scopedRole,
} from "@foyer/protocol";
import type { Logger } from "pino";
import type { AccountCaller, Caller, Credentials } from "../../../platform/caller/caller.ts";
import { type Clock, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Access, RoomContext } from "../access.ts";
import type { Accounts } from "../chat.ports.ts";
import type { RoomMessages } from "../messages/messages.ts";
import type { RoomPresence } from "../presence/presence.ts";
import { parse, validate } from "./client.frame.ts";
import type { ConnectionCounts } from "./connection.counts.ts";
import type { ChatConnection, ConnectionGateway } from "./connection.gateway.ts";
import { type BusBroadcast, topicOfAccount, topicOfRoom } from "./room.broadcast.ts";
import type { RoomHistory } from "./room.history.ts";

/** Typing frames of one connection that are passed on: one in this time. */
const typingMs = 2000;
/** In rooms with more people than this nobody wants to know who is typing. */
const typingUpTo = 200;

export interface ChatSocketDeps {
  gateway: ConnectionGateway;
  access: Access;
  accounts: Accounts;
  authenticate(credentials: Credentials, addressHash: string): Promise<Caller>;
  /** Tells that a caller is still there and doing something. Returns when its session ends now; throws when it has. */
  used(caller: AccountCaller): Promise<number>;
  messages: RoomMessages;
  history: RoomHistory;
  counts: ConnectionCounts;
  presence: RoomPresence;
  broadcast: BusBroadcast;
  view(caller: Caller, context: RoomContext, room: Room): Promise<RoomView>;
  limits: Limits;
  heartbeatSeconds: number;
  /** Hears of every frame that is refused. */
  refused(code: ErrorCode, facts: { accountId?: string; action?: string }): void;
  clock: Clock;
  log: Logger;
}

type Handlers = { [A in ClientAction]: (connection: ChatConnection, frame: ClientFrameOf<A>) => Promise<void> };

/** How long the holder of an exchanged session waits before connecting again, until the new one has arrived. */
const renewedAfterMs = 1000;
/** How often the use of a connection is told to whoever keeps sessions. */
const tellUseMs = 300_000;

/** Milliseconds in which somebody without an account has to say something. */
const silenceMs = 10_000;

/** The chat protocol over connections: validates a frame, asks the use cases, answers. Knows no socket. */
export class ChatSocket {
  private readonly deps: ChatSocketDeps;
  private readonly handlers: Handlers;
  /** Connections without an account that have said nothing, with the time of their opening: oldest first. */
  private readonly silent = new Map<string, number>();

  constructor(deps: ChatSocketDeps) {
    this.deps = deps;
    this.handlers = {
      subscribe: (connection, frame) => this.subscribe(connection, frame),
      unsubscribe: async (connection, frame) => {
        this.unsubscribe(connection, frame.roomId);
        this.reply(connection, frame, {});
      },
      sendMessage: (connection, frame) => this.sendMessage(connection, frame),
      editMessage: async (connection, frame) => {
        const { caller } = connection.data;
        this.reply(connection, frame, await deps.messages.edit(caller, frame.roomId, frame.messageId, frame.message));
      },
      deleteMessage: async (connection, frame) => {
        this.reply(
          connection,
          frame,
          await deps.messages.remove(connection.data.caller, frame.roomId, frame.messageId),
        );
      },
      react: async (connection, frame) => {
        const { roomId, messageId, emoji, on } = frame;
        this.reply(connection, frame, await deps.messages.react(connection.data.caller, roomId, messageId, emoji, on));
      },
      markRead: async (connection, frame) => {
        this.reply(connection, frame, await deps.messages.markRead(connection.data.caller, frame.roomId, frame.offset));
      },
      typing: (connection, frame) => this.typing(connection, frame),
      history: async (connection, frame) => {
        const { roomId, before, limit } = frame;
        await this.context(connection, roomId);
        this.reply(connection, frame, await deps.messages.page(roomId, { before, limit }));
      },
      authenticate: (connection, frame) => this.authenticate(connection, frame),
      ping: async (connection, frame) => this.reply(connection, frame, { serverTime: isoTime(deps.clock.now()) }),
    };
  }

  /** Greets a new connection. */
  opened(connection: ChatConnection): void {
    const { caller } = connection.data;
    this.deps.counts.add(caller);
    if (caller.kind === "account") this.deps.gateway.join(connection.id, topicOfAccount(caller.accountId));
    else this.silent.set(connection.id, this.deps.clock.now());
    this.send(connection, {
      type: "hello",
      protocol: 1,
      connectionId: connection.id,
      account: caller.kind === "account" ? { ...caller.profile, role: caller.role } : null,
      guest: caller.kind === "anonymous" || caller.role === "guest",
      heartbeatSeconds: this.deps.heartbeatSeconds,
      limits: this.deps.limits,
      serverTime: isoTime(this.deps.clock.now()),
    });
  }

  closed(connection: ChatConnection): void {
    this.silent.delete(connection.id);
    this.deps.counts.remove(connection.data.caller);
    this.deps.presence.end(connection.id);
  }

  /** Sends away who has been silent for too long, and forgets what is out of date. To be called about once a second. */
  tick(): void {
    this.deps.history.tick();
    const until = this.deps.clock.now() - silenceMs;
    for (const [connectionId, openedAt] of this.silent) {
      if (openedAt > until) return;
      this.silent.delete(connectionId);
      this.deps.gateway.close(connectionId, closeCodes.notSignedIn, "nothing was said");
    }
  }

  /** A session has ended: its connections end with it. */
  sessionRevoked(sessionId: string, replaced = false): void {
    this.deps.gateway.each(({ id, data }) => {
      if (data.caller.kind !== "account" || data.caller.sessionId !== sessionId) return;
      // Its holder gets the new one by the answer that is under way, and comes back with it; nobody else can.
      if (replaced) this.deps.gateway.close(id, closeCodes.sessionRenewed, "session renewed", renewedAfterMs);
      else this.deps.gateway.close(id, closeCodes.notSignedIn, "signed out");
    });
  }

  /** Name or role of an account has changed: its connections go on with the new ones. */
  async accountChanged(accountId: string): Promise<void> {
    const [profiles, role] = await Promise.all([
      this.deps.accounts.profiles([accountId]),
      this.deps.accounts.role(accountId),
    ]);
    const profile = profiles.get(accountId);
    if (profile === undefined || role === undefined) return;
    this.deps.gateway.each(({ data }) => {
      if (data.caller.kind !== "account" || data.caller.accountId !== accountId) return;
      data.caller = { ...data.caller, profile, role: scopedRole(role, data.caller.scopes) };
    });
  }

  /** Renews what is leased, and ends what has expired. */
  beat(connection: ChatConnection): void {
    const { data } = connection;
    const { caller } = data;
    const now = this.deps.clock.now();
    if (caller.kind === "account") {
      const isUsed = data.usedAt !== undefined && data.usedAt - (data.toldUseAt ?? 0) >= tellUseMs;
      if (caller.expiresAt <= now || isUsed) this.lookAgain(connection, caller, now);
    }
    this.deps.presence.renew(connection.id);
  }

  /** Using a connection makes its session last, and so does using the session elsewhere: told, and asked, seldom. */
  private lookAgain({ id, data }: ChatConnection, caller: AccountCaller, now: number): void {
    data.toldUseAt = now;
    this.deps.used(caller).then(
      (expiresAt) => {
        if (data.caller.kind === "account" && data.caller.sessionId === caller.sessionId) {
          data.caller = { ...data.caller, expiresAt };
        }
      },
      (error) => {
        if (!(error instanceof AppError)) this.deps.log.warn({ err: error }, "could not look at a session again");
        if (caller.expiresAt <= now) this.deps.gateway.close(id, closeCodes.sessionExpired, "session expired");
      },
    );
  }

  /** Handles one text frame. Resolves when the next frame of the connection may be handled; never rejects. */
  async received(connection: ChatConnection, text: string): Promise<void> {
    if (this.silent.size > 0) this.silent.delete(connection.id);
    let asked: { requestId?: string; action?: string } = {};
    try {
      const input = parse(text);
      asked = {
        ...(typeof input.requestId === "string" && { requestId: input.requestId.slice(0, 64) }),
        ...(typeof input.action === "string" && input.action.length <= 64 && { action: input.action }),
      };
      const frame = validate(input);
      this.checkScope(connection, frame.action);
      await (this.handlers[frame.action] as (c: ChatConnection, f: ClientFrame) => Promise<void>)(connection, frame);
    } catch (error) {
      this.fail(connection, asked, error);
    }
  }

  private checkScope({ data }: ChatConnection, action: ClientAction): void {
    if (action !== "ping") data.usedAt = this.deps.clock.now();
    const needed = actionScopes[action];
    if (data.caller.kind === "account" && !holdsScope(data.caller.scopes, needed)) {
      throw new AppError("auth.scope_missing", `This takes a token with the scope ${needed}.`);
    }
  }

  /** Ends a room subscription of a connection, if it has it. */
  unsubscribe(connection: ChatConnection, roomId: string): void {
    if (!connection.data.rooms.delete(roomId)) return;
    this.deps.gateway.leave(connection.id, topicOfRoom(roomId));
    this.deps.presence.leave(roomId, connection.id);
  }

  private async subscribe(connection: ChatConnection, frame: ClientFrameOf<"subscribe">): Promise<void> {
    const { deps } = this;
    const { roomId, since } = frame;
    const context = await this.context(connection, roomId);
    this.register(connection, roomId);
    const topic = topicOfRoom(roomId);
    // From here on live frames are kept, so that nothing falls between reading history and going live.
    deps.gateway.hold(connection.id, topic);
    try {
      const { row, room, messages, ...answer } = await deps.history.read(roomId, since);
      const view = await deps.view(connection.data.caller, { ...context, room: row }, room);
      const data = { room: view, ...answer, presence: deps.presence.state(roomId), readOffset: view.readOffset };
      // The room may have been taken from the connection while history was read.
      if (!connection.data.rooms.has(roomId)) throw new AppError("room.not_found", "There is no such room.");
      deps.gateway.release(connection.id, topic, subscribedText(frame, data, messages));
    } catch (error) {
      this.unsubscribe(connection, roomId);
      throw error;
    }
  }

  /** Counts the room among the connection's, or refuses. */
  private register(connection: ChatConnection, roomId: string): void {
    const { rooms, caller } = connection.data;
    const limit = this.deps.limits.subscriptionsPerConnection;
    if (limit > 0 && rooms.size >= limit && !rooms.has(roomId)) {
      throw new AppError("room.too_many_subscriptions", `A connection subscribes to at most ${limit} rooms.`);
    }
    rooms.add(roomId);
    this.deps.presence.enter(roomId, connection.id, caller.kind === "account" ? caller.profile : null);
  }

  private async sendMessage(connection: ChatConnection, frame: ClientFrameOf<"sendMessage">): Promise<void> {
    const { deps } = this;
    if (connection.data.caller.kind === "anonymous") await this.becomeGuest(connection, frame.roomId);
    const command = await deps.messages.prepareSend(connection.data.caller, frame);
    if (!connection.data.rooms.has(frame.roomId)) {
      this.register(connection, frame.roomId);
      deps.gateway.join(connection.id, topicOfRoom(frame.roomId));
    }
    // Not awaited: the connection's next frame need not wait for this commit. Order is kept by the committer.
    deps.messages.commitSend(command).then(
      (data) => this.reply(connection, frame, data),
      (error) => this.fail(connection, frame, error),
    );
  }

  /** Somebody without an account who may write gets one that is a guest's. */
  private async becomeGuest(connection: ChatConnection, roomId: string): Promise<void> {
    const { data } = connection;
    const context = await this.context(connection, roomId);
    if (!context.rights.write) return;
    const { caller } = await this.deps.accounts.createGuest(data.caller.addressHash);
    this.changeCaller(connection, caller);
  }

  private async typing(connection: ChatConnection, frame: ClientFrameOf<"typing">): Promise<void> {
    const { caller } = connection.data;
    const now = this.deps.clock.now();
    if (caller.kind !== "account" || now - connection.data.typedAt < typingMs) return;
    const context = await this.context(connection, frame.roomId);
    if (context.writeBlock !== null || this.deps.presence.count(frame.roomId) > typingUpTo) return;
    connection.data.typedAt = now;
    this.deps.broadcast.ephemeral(frame.roomId, { type: "typing", roomId: frame.roomId, account: caller.profile });
  }

  private async authenticate(connection: ChatConnection, frame: ClientFrameOf<"authenticate">): Promise<void> {
    const { data } = connection;
    const caller = await this.deps.authenticate({ bearer: frame.token }, data.caller.addressHash);
    if (caller.kind !== "account") throw new AppError("auth.token_invalid", "The token is not valid.");
    await this.deps.access.admit(caller);
    const before = data.caller;
    if (before.kind === "account" && before.accountId !== caller.accountId) {
      for (const roomId of [...data.rooms]) this.unsubscribe(connection, roomId);
    }
    this.changeCaller(connection, caller);
    const account = { ...caller.profile, role: caller.role };
    this.reply(connection, frame, { account, expiresAt: isoTime(caller.expiresAt) });
  }

  private changeCaller(connection: ChatConnection, caller: Extract<Caller, { kind: "account" }>): void {
    const { data, id } = connection;
    if (data.caller.kind === "account") this.deps.gateway.leave(id, topicOfAccount(data.caller.accountId));
    this.deps.counts.remove(data.caller);
    data.caller = caller;
    this.deps.counts.add(caller);
    this.deps.gateway.join(id, topicOfAccount(caller.accountId));
    for (const roomId of data.rooms) this.deps.presence.enter(roomId, id, caller.profile);
  }

  private async context({ data }: ChatConnection, roomId: string): Promise<RoomContext> {
    return this.deps.access.cached(data.caller, roomId) ?? this.deps.access.load(data.caller, roomId);
  }

  private reply<A extends ClientAction>(
    connection: ChatConnection,
    frame: { action: A; requestId?: string | undefined },
    data: ReplyData<A>,
  ): void {
    this.deps.gateway.send(connection.id, replyText(frame, data));
  }

  private fail(connection: ChatConnection, asked: { requestId?: string | undefined; action?: string }, error: unknown) {
    const known = error instanceof AppError;
    if (!known) this.deps.log.error({ err: error, action: asked.action }, "frame failed");
    else this.noteRefusal(connection, error.code, asked.action);
    this.send(connection, {
      type: "reply",
      ...(asked.requestId !== undefined && { requestId: asked.requestId }),
      ...(asked.action !== undefined && { action: asked.action }),
      ok: false,
      error: known
        ? { code: error.code, message: error.message, ...(error.retryAfter && { retryAfter: error.retryAfter }) }
        : { code: "server.error", message: "Something went wrong on the server. Nothing was changed." },
    });
  }

  private noteRefusal({ data: { caller } }: ChatConnection, code: ErrorCode, asked: string | undefined): void {
    this.deps.refused(code, {
      ...(caller.kind === "account" && { accountId: caller.accountId }),
      // Only names of ours: what a stranger called an action is not for the log.
      ...(asked !== undefined && asked in this.handlers && { action: asked }),
    });
  }

  private send(connection: ChatConnection, frame: ServerFrame): void {
    this.deps.gateway.send(connection.id, JSON.stringify(frame));
  }
}

function replyText<A extends ClientAction>(
  frame: { action: A; requestId?: string | undefined },
  data: ReplyData<A>,
): string {
  const { requestId, action } = frame;
  return JSON.stringify({ type: "reply", requestId, action, ok: true, data });
}

/** The answer to `subscribe`, with the messages put in as the text that they already are. */
function subscribedText(
  frame: ClientFrameOf<"subscribe">,
  data: Omit<ReplyData<"subscribe">, "messages">,
  messages: string,
): string {
  const { requestId, action } = frame;
  const text = JSON.stringify({ type: "reply", requestId, action, ok: true, data });
  return `${text.slice(0, -2)},"messages":${messages}}}`;
}
