import type { Profile } from "@foyer/protocol";
import { type Bus, gapTopic } from "../../../platform/bus/bus.ts";
import type { Clock } from "../../../platform/clock/clock.ts";

const topic = "chat.presence";
/** How often a node says that it is still there, with or without news. */
const aliveMs = 10_000;

/** What a node tells the others. `ask`: tell me who is with you. `whole`: all that is, not what has changed. */
interface News {
  node: string;
  ask?: true;
  bye?: true;
  whole?: true;
  rooms?: { roomId: string; here: [key: string, profile: Profile | null][]; gone: string[] }[];
}

/** The presence of this node, as far as the relay puts those of other nodes into it. */
export interface RelayedPresence {
  enter(roomId: string, connectionId: string, profile: Profile | null): void;
  leave(roomId: string, connectionId: string): void;
  end(connectionId: string): void;
  renew(connectionId: string): void;
}

export interface PresenceRelayDeps {
  bus: Bus;
  nodeId: string;
  clock: Clock;
  presence: RelayedPresence;
}

/** Marks connections that stand for people on other nodes. */
const farPrefix = "node:";
export const isFar = (connectionId: string) => connectionId.startsWith(farPrefix);

/**
 * Tells other nodes who is here, and keeps who is there as connections of this node's presence: one for each person,
 * room and node. A node that is gone without a word is forgotten when its leases end.
 */
export class PresenceRelay {
  private readonly deps: PresenceRelayDeps;
  private readonly rooms = new Map<string, Map<string, { profile: Profile | null; count: number }>>();
  private readonly changed = new Map<string, Set<string>>();
  private readonly far = new Map<string, Map<string, Set<string>>>();
  private readonly ends: (() => void)[];
  private saidAt = 0;

  constructor(deps: PresenceRelayDeps) {
    this.deps = deps;
    this.ends = [
      deps.bus.subscribe(topic, (payload) => this.hear(JSON.parse(payload) as News)),
      deps.bus.subscribe(gapTopic, () => this.begin()),
    ];
  }

  /** Says hello: the others tell who is with them, and this node tells the same. */
  begin(): void {
    this.say({ ask: true, whole: true, rooms: this.all() });
  }

  /** A connection of this node came into a room. */
  entered(roomId: string, key: string, profile: Profile | null): void {
    const here = this.rooms.get(roomId) ?? new Map<string, { profile: Profile | null; count: number }>();
    this.rooms.set(roomId, here);
    const known = here.get(key);
    if (known === undefined) this.note(roomId, key);
    here.set(key, { profile, count: (known?.count ?? 0) + 1 });
  }

  /** A connection of this node left a room. */
  left(roomId: string, key: string): void {
    const here = this.rooms.get(roomId);
    const known = here?.get(key);
    if (here === undefined || known === undefined) return;
    known.count -= 1;
    if (known.count > 0) return;
    here.delete(key);
    if (here.size === 0) this.rooms.delete(roomId);
    this.note(roomId, key);
  }

  /** Tells what has changed. To be called about once a second. */
  tick(): void {
    const now = this.deps.clock.now();
    if (this.changed.size === 0 && now - this.saidAt < aliveMs) return;
    const rooms = [...this.changed].map(([roomId, keys]) => {
      const here = this.rooms.get(roomId);
      const told = [...keys].map((key) => [key, here?.get(key)] as const);
      return {
        roomId,
        here: told.flatMap(([key, one]) => (one === undefined ? [] : [[key, one.profile] as [string, Profile | null]])),
        gone: told.flatMap(([key, one]) => (one === undefined ? [key] : [])),
      };
    });
    this.changed.clear();
    this.say({ rooms });
  }

  close(): void {
    this.say({ bye: true });
    for (const end of this.ends) end();
  }

  private note(roomId: string, key: string): void {
    const keys = this.changed.get(roomId) ?? new Set();
    this.changed.set(roomId, keys.add(key));
  }

  private all(): NonNullable<News["rooms"]> {
    return [...this.rooms].map(([roomId, here]) => ({
      roomId,
      here: [...here].map(([key, { profile }]) => [key, profile] as [string, Profile | null]),
      gone: [],
    }));
  }

  private say(news: Omit<News, "node">): void {
    this.saidAt = this.deps.clock.now();
    this.deps.bus.publish(topic, JSON.stringify({ ...news, node: this.deps.nodeId } satisfies News));
  }

  private hear(news: News): void {
    const { node } = news;
    if (node === this.deps.nodeId) return;
    const known = this.far.get(node) ?? new Map<string, Set<string>>();
    this.far.set(node, known);
    if (news.ask) this.say({ whole: true, rooms: this.all() });
    const before =
      news.whole || news.bye ? [...known].flatMap(([roomId, ids]) => [...ids].map((id) => [roomId, id])) : [];
    for (const { roomId, here, gone } of news.rooms ?? []) {
      const ids = known.get(roomId) ?? new Set<string>();
      known.set(roomId, ids);
      for (const [key, profile] of here) {
        const id = farId(node, roomId, key);
        this.deps.presence.enter(roomId, id, profile);
        ids.add(id);
      }
      for (const key of gone) this.forget(known, roomId, farId(node, roomId, key));
    }
    const still = new Set(
      (news.rooms ?? []).flatMap(({ roomId, here }) => here.map(([key]) => farId(node, roomId, key))),
    );
    for (const [roomId = "", id = ""] of before) if (!still.has(id)) this.forget(known, roomId, id);
    for (const ids of known.values()) for (const id of ids) this.deps.presence.renew(id);
    if (news.bye) this.far.delete(node);
  }

  private forget(known: Map<string, Set<string>>, roomId: string, id: string): void {
    this.deps.presence.end(id);
    const ids = known.get(roomId);
    ids?.delete(id);
    if (ids?.size === 0) known.delete(roomId);
  }
}

const farId = (node: string, roomId: string, key: string) => `${farPrefix}${node}:${roomId}:${key}`;
