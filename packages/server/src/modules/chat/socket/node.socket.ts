import type { ErrorCode, Limits, Room, RoomView, ServerFrame } from "@foyer/protocol";
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import { z } from "zod";
import { type Bus, gapTopic } from "../../../platform/bus/bus.ts";
import type { AccountCaller, Caller, Credentials } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { Access, RoomContext } from "../access.ts";
import type { Accounts } from "../chat.ports.ts";
import type { RoomRow } from "../chat.tables.ts";
import type { ChatStream } from "../stream.ts";
import { type Admission, admitConnection } from "./chat.admission.ts";
import { ChatSocket } from "./chat.socket.ts";
import { ConnectionCounts } from "./connection.counts.ts";
import type { ConnectionGateway } from "./connection.gateway.ts";
import { topicOfRoom } from "./room.broadcast.ts";
import { RoomHistory } from "./room.history.ts";

/** What the protocol needs of chat. */
export interface NodeSocketDeps {
  stream: ChatStream;
  access: Access;
  accounts: Accounts;
  /** A room as everybody in it sees it. Throws `room.not_found`. */
  room(roomId: string): Promise<{ row: RoomRow; room: Room }>;
  /** The same with what is the caller's own. */
  view(caller: Caller, context: RoomContext, room: Room): Promise<RoomView>;
  bus: Bus;
  clock: Clock;
  log: Logger;
  metrics: Registry;
}

/** What the connections of a node bring along. */
export interface SocketDeps {
  gateway: ConnectionGateway;
  authenticate(credentials: Credentials, addressHash: string): Promise<Caller>;
  /** Tells that a caller is still there and doing something. Returns when its session ends now. */
  used(caller: AccountCaller): Promise<number>;
  /** Hears of every connection and frame that is refused. */
  refused(code: ErrorCode, facts: { accountId?: string; action?: string }): void;
  limits: { connectionsPerAccount: number; connectionsPerAddress: number; recoveryMessages: number };
  /** What `hello` tells. */
  told: Limits;
  heartbeatSeconds: number;
}

/** The chat protocol for the connections of one node. */
export interface SocketFace {
  admit(credentials: Credentials, addressHash: string): Promise<Admission>;
  socket: ChatSocket;
  /** Ends the bus subscriptions. */
  close(): void;
}

const sessionRevoked = z.object({ sessionId: z.string(), replaced: z.boolean().default(false) });
const accountChanged = z.object({ accountId: z.string() });

/** Speaks the chat protocol with the connections of this node, and follows what happens to their accounts. */
export function openNodeSocket(deps: NodeSocketDeps, node: SocketDeps): SocketFace {
  const { stream, access, accounts, bus, log, metrics } = deps;
  const { gateway, authenticate, limits } = node;
  new Gauge({
    name: "foyer_chat_connections",
    help: "Open sockets",
    registers: [metrics],
    collect() {
      let count = 0;
      gateway.each(() => {
        count += 1;
      });
      this.set(count);
    },
  });
  const { store, presenter } = stream;
  const { recoveryMessages } = limits;
  const history = new RoomHistory({ store, presenter, room: deps.room, clock: deps.clock, recoveryMessages });
  const counts = new ConnectionCounts();
  const socket = new ChatSocket({
    gateway,
    access,
    accounts,
    authenticate,
    used: (caller) => node.used(caller),
    messages: stream.messages,
    history,
    counts,
    presence: stream.presence,
    broadcast: stream.broadcast,
    view: deps.view,
    limits: node.told,
    refused: (code, facts) => node.refused(code, facts),
    heartbeatSeconds: node.heartbeatSeconds,
    clock: deps.clock,
    log,
  });
  const ends = [
    stream.broadcast.attach(gateway, {
      unsubscribe: (connection, roomId) => socket.unsubscribe(connection, roomId),
      changed: (roomId) => history.changed(roomId),
    }),
    // What other nodes said in between is in the database: who is connected here has to ask for it.
    bus.subscribe(gapTopic, () => resyncAll(gateway, (roomId) => history.changed(roomId))),
    bus.subscribe("identity.session_revoked", (payload) => {
      const { sessionId, replaced } = sessionRevoked.parse(JSON.parse(payload));
      socket.sessionRevoked(sessionId, replaced);
    }),
    bus.subscribe("identity.account_changed", (payload) => {
      const { accountId } = accountChanged.parse(JSON.parse(payload));
      socket.accountChanged(accountId).catch((error) => log.warn({ err: error }, "could not refresh an account"));
    }),
  ];
  const refused = (code: ErrorCode) => node.refused(code, {});
  const admission = { authenticate, access, counts, limits, log, refused };
  return {
    socket,
    admit: (credentials, addressHash) => admitConnection(admission, credentials, addressHash),
    close() {
      for (const end of ends) end();
      metrics.removeSingleMetric("foyer_chat_connections");
    },
  };
}

/** Tells every connection of this node that it may have missed something in its rooms. */
function resyncAll(gateway: ConnectionGateway, changed: (roomId: string) => void): void {
  const rooms = new Set<string>();
  gateway.each(({ data }) => {
    for (const roomId of data.rooms) rooms.add(roomId);
  });
  for (const roomId of rooms) {
    changed(roomId);
    gateway.publish(topicOfRoom(roomId), JSON.stringify({ type: "resync", roomId } satisfies ServerFrame));
  }
}
