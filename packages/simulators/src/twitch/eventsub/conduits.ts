import { randomUUID } from "node:crypto";
import { HelixError } from "../helix/errors.ts";
import { nanoTime } from "./signature.ts";
import type { SocketSession } from "./sockets.ts";
import type { WebhookTarget } from "./webhooks.ts";

/** What a shard of a conduit sends to. */
export type ShardTransport =
  | ({ method: "webhook" } & WebhookTarget)
  | { method: "websocket"; sessionId: string; connectedAt: string; disconnectedAt?: string | undefined };

/** One of the ways out of a conduit. */
export interface Shard {
  id: string;
  status: string;
  transport: ShardTransport | undefined;
}

/** A set of ways out, among which messages are spread. */
export interface Conduit {
  id: string;
  clientId: string;
  shards: Shard[];
}

/** The conduits of all applications. */
export interface Conduits {
  all(): Conduit[];
  of(clientId: string): Conduit[];
  /** Throws 404. */
  find(clientId: string, id: string): Conduit;
  /** Throws 400, 429. */
  create(clientId: string, shardCount: number): Conduit;
  /** Throws 400. What is beyond the new count is gone. */
  resize(conduit: Conduit, shardCount: number): void;
  remove(conduit: Conduit): void;
  /** The shards whose socket it is. */
  onSocket(sessionId: string): { conduit: Conduit; shard: Shard }[];
  /** Shards that messages can be sent by now, in an order that changes. */
  enabled(conduitId: string): { conduit: Conduit; shard: Shard }[];
}

const MOST_CONDUITS = 5;
const MOST_SHARDS = 20_000;

/** No conduits. */
export function createConduits(): Conduits {
  const all = new Map<string, Conduit>();
  let turn = 0;

  function checkCount(count: number): void {
    if (!Number.isInteger(count) || count < 1 || count > MOST_SHARDS)
      throw new HelixError(400, `shard_count must be between 1 and ${MOST_SHARDS}`);
  }

  const emptyShard = (index: number): Shard => ({ id: String(index), status: "disabled", transport: undefined });

  return {
    all: () => [...all.values()],
    of: (clientId) => [...all.values()].filter((each) => each.clientId === clientId),
    find(clientId, id) {
      const found = all.get(id);
      if (found === undefined || found.clientId !== clientId) throw new HelixError(404, "conduit not found");
      return found;
    },
    create(clientId, shardCount) {
      checkCount(shardCount);
      if ([...all.values()].filter((each) => each.clientId === clientId).length >= MOST_CONDUITS)
        throw new HelixError(429, "maximum number of conduits reached");
      const conduit: Conduit = {
        id: randomUUID(),
        clientId,
        shards: Array.from({ length: shardCount }, (_, index) => emptyShard(index)),
      };
      all.set(conduit.id, conduit);
      return conduit;
    },
    resize(conduit, shardCount) {
      checkCount(shardCount);
      while (conduit.shards.length < shardCount) conduit.shards.push(emptyShard(conduit.shards.length));
      conduit.shards.length = shardCount;
    },
    remove: (conduit) => void all.delete(conduit.id),
    onSocket: (sessionId) =>
      [...all.values()].flatMap((conduit) =>
        conduit.shards
          .filter(({ transport }) => transport?.method === "websocket" && transport.sessionId === sessionId)
          .map((shard) => ({ conduit, shard })),
      ),
    enabled(conduitId) {
      const conduit = all.get(conduitId);
      if (conduit === undefined) return [];
      const good = conduit.shards.filter(({ status }) => status === "enabled");
      turn += 1;
      return [...good.slice(turn % good.length), ...good.slice(0, turn % good.length)].map((shard) => ({
        conduit,
        shard,
      }));
    },
  };
}

/** A shard as Helix shows it: never with its secret. */
export function shardWire({ id, status, transport }: Shard): object {
  if (transport === undefined) return { id, status, transport: { method: "" } };
  if (transport.method === "webhook")
    return { id, status, transport: { method: "webhook", callback: transport.callback } };
  const { sessionId, connectedAt, disconnectedAt } = transport;
  return {
    id,
    status,
    transport: {
      method: "websocket",
      session_id: sessionId,
      connected_at: connectedAt,
      ...(disconnectedAt === undefined ? {} : { disconnected_at: disconnectedAt }),
    },
  };
}

/** Puts a shard on a socket. */
export function putOnSocket(shard: Shard, session: SocketSession): void {
  session.use();
  shard.transport = { method: "websocket", sessionId: session.id, connectedAt: session.connectedAt };
  shard.status = "enabled";
}

/** Notes that what a shard sent to is no longer there. */
export function disableShard(shard: Shard, status: string, now: number): void {
  shard.status = status;
  if (shard.transport?.method === "websocket") shard.transport.disconnectedAt = nanoTime(now);
}
