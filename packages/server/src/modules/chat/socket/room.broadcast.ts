import type { ServerFrame } from "@foyer/protocol";
import type { Bus } from "../../../platform/bus/bus.ts";
import { addressBansApply } from "../chat.policy.ts";
import type { RoomBroadcast } from "../chat.ports.ts";
import type { ChatConnection, ConnectionGateway } from "./connection.gateway.ts";

/** Bus topics. Payloads: the first line says for whom, the other lines are frames. */
const roomTopic = "chat.room";
const ephemeralTopic = "chat.ephemeral";
const accountTopic = "chat.account";
const evictTopic = "chat.evict";
const disconnectTopic = "chat.disconnect";

/** Gateway topics of this node. */
export const topicOfRoom = (roomId: string) => `room:${roomId}`;
export const topicOfAccount = (accountId: string) => `account:${accountId}`;

/** Which room a gateway topic is of, or undefined for other topics. */
export function roomOfTopic(topic: string): string | undefined {
  return topic.startsWith("room:") ? topic.slice(5) : undefined;
}

interface Evict {
  roomId: string;
  accountId?: string;
  addressHash?: string;
  guests?: true;
}

interface Disconnect {
  accountId?: string;
  addressHash?: string;
  code: number;
}

/** What a node does about what it hears, besides passing it on. */
export interface NodeSide {
  unsubscribe(connection: ChatConnection, roomId: string): void;
  /** Something that lasts was said in the room, or about it. */
  changed(roomId: string): void;
}

/** `RoomBroadcast` over the bus: what is said on one node is heard by the connections of all. */
export class BusBroadcast implements RoomBroadcast {
  private readonly bus: Bus;
  private readonly gateways = new Set<ConnectionGateway>();

  constructor(bus: Bus) {
    this.bus = bus;
  }

  room(roomId: string, frame: ServerFrame): void {
    this.roomText(roomId, JSON.stringify(frame));
  }

  /** Frames that are encoded already, joined by `\n`. */
  roomText(roomId: string, frames: string): void {
    this.bus.publish(roomTopic, `${roomId}\n${frames}`);
  }

  /** To the connections of this node alone: what every node works out for itself. May be dropped. */
  here(roomId: string, frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    for (const gateway of this.gateways) gateway.publish(topicOfRoom(roomId), text, true);
  }

  /** Frames that may be dropped and are never repeated: typing. */
  ephemeral(roomId: string, frame: ServerFrame): void {
    this.bus.publish(ephemeralTopic, `${roomId}\n${JSON.stringify(frame)}`);
  }

  account(accountId: string, frame: ServerFrame): void {
    this.bus.publish(accountTopic, `${accountId}\n${JSON.stringify(frame)}`);
  }

  evict(roomId: string, who: { accountId?: string; addressHash?: string; guests?: true }): void {
    this.bus.publish(evictTopic, JSON.stringify({ ...who, roomId } satisfies Evict));
  }

  disconnect(query: { accountId?: string; addressHash?: string }, code: number): void {
    this.bus.publish(disconnectTopic, JSON.stringify({ ...query, code } satisfies Disconnect));
  }

  /** Carries everything to the connections of this node. Returns the function that ends it. */
  attach(gateway: ConnectionGateway, { unsubscribe, changed }: NodeSide): () => void {
    this.gateways.add(gateway);
    const ends = [
      () => this.gateways.delete(gateway),
      this.bus.subscribe(roomTopic, (payload) => {
        const [roomId, frames] = cut(payload);
        changed(roomId);
        gateway.publish(topicOfRoom(roomId), frames);
      }),
      this.bus.subscribe(ephemeralTopic, (payload) => {
        const [roomId, frames] = cut(payload);
        gateway.publish(topicOfRoom(roomId), frames, true);
      }),
      this.bus.subscribe(accountTopic, (payload) => {
        const [accountId, frames] = cut(payload);
        gateway.publish(topicOfAccount(accountId), frames);
      }),
      this.bus.subscribe(evictTopic, (payload) => {
        const evict = JSON.parse(payload) as Evict;
        gateway.each((connection) => {
          if (matches(connection, evict)) unsubscribe(connection, evict.roomId);
        });
      }),
      this.bus.subscribe(disconnectTopic, (payload) => {
        const query = JSON.parse(payload) as Disconnect;
        if (query.accountId === undefined && query.addressHash === undefined) return;
        gateway.each((connection) => {
          if (matches(connection, query)) gateway.close(connection.id, query.code, "closed by the server");
        });
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }
}

function cut(payload: string): [string, string] {
  const end = payload.indexOf("\n");
  return [payload.slice(0, end), payload.slice(end + 1)];
}

function matches(
  { data }: ChatConnection,
  query: { accountId?: string; addressHash?: string; guests?: true },
): boolean {
  const { caller } = data;
  if (query.guests && caller.kind === "account" && caller.role !== "guest") return false;
  if (query.accountId !== undefined && (caller.kind !== "account" || caller.accountId !== query.accountId))
    return false;
  if (query.addressHash === undefined) return true;
  // An address stands for whoever is there, but the staff that happens to be behind it is not meant.
  return caller.addressHash === query.addressHash && addressBansApply(caller.kind === "account" ? caller.role : null);
}
