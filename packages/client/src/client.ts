import type { ServerFrame, ServerFrameOf } from "@foyer/protocol";
import { createApi } from "./api.client.ts";
import { asyncQueue, type Sink } from "./async.queue.ts";
import type { ClientEvents, ClientOptions, ConnectionState, FoyerClient } from "./client.types.ts";
import { Connection } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import { FoyerError } from "./foyer.error.ts";
import { bundles } from "./frame.parser.ts";
import { Requests } from "./requests.ts";
import { roomHandle } from "./room.handle.ts";
import type { RoomLink } from "./room.link.ts";
import { Room } from "./room.ts";
import type { RoomHandle } from "./room.types.ts";
import { Subscriptions } from "./subscriptions.ts";
import { onWakeUp } from "./wake.ups.ts";

/** Makes a client of the server at `options.url`. It does nothing before `connect()`, but `api` works at once. */
export function createClient(options: ClientOptions): FoyerClient {
  const origin = options.url.replace(/\/+$/, "");
  const timeoutMs = options.requestTimeoutMs ?? 10_000;
  const now = () => Date.now();
  const emitter = new Emitter<ClientEvents>();
  const sinks = new Set<Sink<ServerFrame>>();
  const rooms = new Map<string, { room: Room; handle: RoomHandle }>();
  let token = options.token;
  let self: string | undefined;
  let greetedAs: string | null | undefined;
  let stopWakeUps = () => {};

  const fetcher: typeof fetch = options.fetch ?? ((...input) => globalThis.fetch(...input));
  const api = createApi({ origin, token: () => token, fetch: fetcher, timeoutMs, recover: options.recover });
  const requests = new Requests({ write: (frame) => connection.write(frame), timeoutMs });
  const ready = () => connection.state.status === "online";
  const subscriptions = new Subscriptions({
    ready,
    unsubscribe: (roomId) => ignore(requests.send<"unsubscribe">({ action: "unsubscribe", roomId })),
    limit: () => connection.state.hello?.limits.subscriptionsPerConnection ?? 0,
  });
  const connection = new Connection({
    address: () => address(origin, token, api),
    WebSocket: options.WebSocket ?? globalThis.WebSocket,
    backoff: options.backoff ?? {},
    now,
    random: Math.random,
    ping: () => ignore(requests.send<"ping">({ action: "ping" })),
    onState: (state) => stateChanged(state),
    onFrames: (frames) => received(frames),
    onUp: () => {
      meet(connection.state.hello);
      // In this order on the wire: rooms first, so that what comes back of one's own messages finds them followed.
      subscriptions.resumed();
      for (const { room } of rooms.values()) room.resumed();
      requests.resumed();
      // Somebody without an account who says nothing is sent away.
      if (greetedAs === null) ignore(requests.send<"ping">({ action: "ping" }));
    },
    onDown: () => {
      subscriptions.dropped();
      for (const { room } of rooms.values()) room.dropped();
      requests.dropped();
    },
  });

  const link: RoomLink = {
    subscriptions,
    request: (frame, how) => requests.send(frame, how),
    post: (frame) => void connection.write(frame),
    page: (roomId, query) => api.listMessages({ params: { roomId }, query }),
    ready,
    self: () => self,
    learned: (accountId) => {
      self = accountId;
    },
    over: () => (connection.state.status === "closed" ? endOf(connection.state) : undefined),
    now,
  };

  function stateChanged(state: ConnectionState): void {
    if (state.status === "closed") {
      stopWakeUps();
      const reason = endOf(state);
      const error = state.reason && reason;
      requests.abandon(reason);
      for (const { room } of rooms.values()) room.ended(reason, error);
      for (const sink of [...sinks]) sink.end(error);
    }
    emitter.emit("connection", state);
  }

  /** Takes note of who we are to the server; what somebody else saw or wrote before is forgotten. */
  function meet(hello: ServerFrameOf<"hello"> | undefined): void {
    const accountId = hello?.account?.accountId ?? null;
    if (greetedAs !== undefined && greetedAs !== accountId) {
      const error = new FoyerError("connection.closed", "Somebody else is signed in now.");
      for (const { room } of rooms.values()) room.forget(error);
      self = undefined;
    }
    greetedAs = accountId;
    self = accountId ?? self;
  }

  function received(frames: readonly ServerFrame[]): void {
    for (const bundle of bundles(frames)) {
      const [first] = bundle;
      if (first.type === "message") rooms.get(first.roomId)?.room.received(bundle as ServerFrameOf<"message">[]);
      else if (first.type === "reply") requests.reply(first);
      // A guest may be greeted again, once it has an account.
      else if (first.type === "hello") self = first.account?.accountId ?? self;
      else if ("roomId" in first) rooms.get(first.roomId)?.room.apply(first);
      for (const frame of bundle) tell(frame);
    }
  }

  function tell(frame: ServerFrame): void {
    for (const sink of sinks) sink.push(frame);
    emitter.emit(frame.type, frame);
  }

  function handleOf(roomId: string): RoomHandle {
    const known = rooms.get(roomId);
    if (known) return known.handle;
    const room = new Room(roomId, link);
    const handle = roomHandle(room, link);
    rooms.set(roomId, { room, handle });
    return handle;
  }

  function connect(): void {
    stopWakeUps();
    stopWakeUps = onWakeUp(() => connection.retryNow());
    connection.connect();
  }

  /** The same account with a newer token stays connected; anybody else connects anew. */
  async function renew(renewed: string): Promise<void> {
    try {
      const { account } = await requests.send<"authenticate">({ action: "authenticate", token: renewed });
      if (account.accountId !== greetedAs) connection.restart();
    } catch {
      connection.restart();
    }
  }

  return {
    api,
    get connection() {
      return connection.state;
    },
    connect,
    close: () => connection.close(),
    retryNow: () => connection.retryNow(),
    setToken(next) {
      if (next === token) return;
      token = next;
      const { status, reason } = connection.state;
      if (status === "online" && next !== undefined && greetedAs) void renew(next);
      else if (status === "closed" ? reason !== undefined : status !== "idle") {
        if (status === "closed") connect();
        else connection.restart();
      }
    },
    on: (event, handler) => emitter.on(event, handler),
    events: (how) =>
      asyncQueue((sink) => {
        sinks.add(sink);
        return () => void sinks.delete(sink);
      }, how?.signal),
    room: handleOf,
    rooms: () => [...rooms.values()].map(({ handle }) => handle),
  };
}

/** The socket's URL. Node's WebSocket sets no headers: a token is turned into a ticket that fits into the URL. */
async function address(origin: string, token: string | undefined, api: FoyerClient["api"]): Promise<string> {
  const url = `${origin.replace(/^http/, "ws")}/ws`;
  if (token === undefined) return url;
  const { ticket } = await api.ticket();
  return `${url}?ticket=${encodeURIComponent(ticket)}`;
}

function endOf(state: ConnectionState): FoyerError {
  return new FoyerError(state.reason?.code ?? "connection.closed", state.reason?.message ?? "The client was closed.");
}

/** For requests whose answer changes nothing. */
function ignore(request: Promise<unknown>): void {
  request.catch(() => {});
}
