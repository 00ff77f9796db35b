import type { Logger } from "pino";
import { Histogram, type Registry } from "prom-client";
import type { Audit } from "../../platform/audit/audit.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { AccountCaller } from "../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../platform/clock/clock.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { Access } from "./access.ts";
import type { Accounts } from "./chat.ports.ts";
import { MessageCommitter } from "./messages/message.committer.ts";
import { MessagePresenter } from "./messages/message.presenter.ts";
import type { MessagesStore } from "./messages/messages.store.ts";
import { RoomMessages } from "./messages/messages.ts";
import { PresenceRelay } from "./presence/presence.relay.ts";
import { RoomPresence } from "./presence/presence.ts";
import { BusBroadcast } from "./socket/room.broadcast.ts";

export interface StreamDeps {
  store: MessagesStore;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
  limiter: RateLimiter;
  audit: Audit;
  bus: Bus;
  /** Names this node among several; undefined where it is alone. */
  nodeId?: string | undefined;
  accounts: Accounts;
  access: Access;
  /** Comes from the rooms, which are built on the stream: asked only when something happens. */
  join(caller: AccountCaller, roomId: string): Promise<void>;
  filter(text: string): void | Promise<void>;
  limits: { messageCharacters: number; messagesPer5Seconds: number };
}

/** Messages, presence and delivery: the half of chat that is about what is said. */
export interface ChatStream {
  store: MessagesStore;
  presenter: MessagePresenter;
  messages: RoomMessages;
  presence: RoomPresence;
  broadcast: BusBroadcast;
  /** Asks the other nodes who is with them. */
  start(): void;
  /** To be called about once a second: tells who came and went. */
  tick(): void;
  /** Commits what the server itself decided: nobody's rights are asked. */
  commit: MessageCommitter["commit"];
  /** Resolves when every message that was handed in is committed. */
  flushed(): Promise<void>;
  /** Tells the other nodes that nobody is here any more. */
  close(): void;
}

/** Milliseconds that a connection counts as present after its last heartbeat: two beats and some. */
const presenceLeaseMs = 60_000;

/** The stream over its dependencies. To be flushed, and closed, at the end. */
export function createStream(deps: StreamDeps): ChatStream {
  const { store, clock, ids, log, limiter, accounts, access, metrics } = deps;
  const presenter = new MessagePresenter(store, accounts);
  const broadcast = new BusBroadcast(deps.bus);
  const batchSizes = new Histogram({
    name: "foyer_chat_commit_commands",
    help: "Commands committed in one transaction",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [metrics],
  });
  const committer = new MessageCommitter({
    store,
    presenter,
    publish: (roomId, frames) => broadcast.roomText(roomId, frames),
    log,
    batchSizes,
  });
  const presence: RoomPresence = new RoomPresence({
    clock,
    leaseMs: presenceLeaseMs,
    publish: (roomId, frame) => broadcast.here(roomId, frame),
    near: {
      entered: (roomId, key, profile) => relay?.entered(roomId, key, profile),
      left: (roomId, key) => relay?.left(roomId, key),
    },
  });
  const { nodeId, bus } = deps;
  const relay = nodeId === undefined ? undefined : new PresenceRelay({ bus, nodeId, clock, presence });
  const messages = new RoomMessages({
    store,
    presenter,
    committer,
    access,
    accounts,
    broadcast,
    limiter,
    audit: deps.audit,
    clock,
    ids,
    filter: deps.filter,
    join: deps.join,
    limits: deps.limits,
  });

  return {
    store,
    presenter,
    messages,
    presence,
    broadcast,
    start: () => relay?.begin(),
    tick() {
      relay?.tick();
      presence.tick();
    },
    commit: (command) => committer.commit(command),
    flushed: () => committer.flushed(),
    close: () => relay?.close(),
  };
}
