import type { PresenceState, Profile, ServerFrame } from "@foyer/protocol";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { Presence } from "../chat.ports.ts";
import { isFar } from "./presence.relay.ts";

/** Rooms with more people present get counts only: who is there costs the square of their number. */
const namedUpTo = 200;
/** Somebody who comes back within this time was not away: reconnects make no noise. */
const graceMs = 4000;

interface Here {
  profile: Profile | null;
  connections: Set<string>;
  /** When the last connection went, or null. */
  goneAt: number | null;
}

interface RoomState {
  here: Map<string, Here>;
  /** Keys whose coming was not told yet, and profiles of those whose going was not. */
  joined: Set<string>;
  left: Set<string>;
}

export interface PresenceDeps {
  clock: Clock;
  /** How long a connection counts without being renewed. */
  leaseMs: number;
  /** To the connections of this node. */
  publish(roomId: string, frame: ServerFrame): void;
  /** Hears who comes and goes by connections of this node, for the others. */
  near?: {
    entered(roomId: string, key: string, profile: Profile | null): void;
    left(roomId: string, key: string): void;
  };
}

/**
 * Who is in which room. A connection holds one lease for all of its rooms; a lease that is not renewed
 * ends, so that nobody stays present for ever. Changes are told as differences, at most once a second for a room.
 */
export class RoomPresence implements Presence {
  private readonly deps: PresenceDeps;
  private readonly rooms = new Map<string, RoomState>();
  private readonly leases = new Map<string, { until: number; rooms: Map<string, string> }>();
  /** Rooms that have something to tell, or somebody whose grace is running. */
  private readonly dirty = new Set<string>();

  constructor(deps: PresenceDeps) {
    this.deps = deps;
  }

  /** A connection comes into a room; without a profile it counts, but has no name. */
  enter(roomId: string, connectionId: string, profile: Profile | null): void {
    const lease = this.leases.get(connectionId) ?? { until: 0, rooms: new Map<string, string>() };
    lease.until = this.deps.clock.now() + this.deps.leaseMs;
    this.leases.set(connectionId, lease);
    const key = profile?.accountId ?? connectionId;
    const before = lease.rooms.get(roomId);
    if (before === key) return;
    if (before !== undefined) this.leave(roomId, connectionId);
    lease.rooms.set(roomId, key);
    if (!isFar(connectionId)) this.deps.near?.entered(roomId, key, profile);

    const room = this.room(roomId);
    const here = room.here.get(key);
    if (here !== undefined) {
      here.connections.add(connectionId);
      here.goneAt = null;
      here.profile = profile;
      return;
    }
    room.here.set(key, { profile, connections: new Set([connectionId]), goneAt: null });
    if (!room.left.delete(key)) room.joined.add(key);
    this.dirty.add(roomId);
  }

  leave(roomId: string, connectionId: string): void {
    const key = this.leases.get(connectionId)?.rooms.get(roomId);
    if (key === undefined) return;
    this.leases.get(connectionId)?.rooms.delete(roomId);
    if (!isFar(connectionId)) this.deps.near?.left(roomId, key);
    const here = this.rooms.get(roomId)?.here.get(key);
    if (here === undefined) return;
    here.connections.delete(connectionId);
    if (here.connections.size > 0) return;
    here.goneAt = this.deps.clock.now();
    this.dirty.add(roomId);
  }

  /** A connection is gone. */
  end(connectionId: string): void {
    const lease = this.leases.get(connectionId);
    if (lease === undefined) return;
    for (const roomId of [...lease.rooms.keys()]) this.leave(roomId, connectionId);
    this.leases.delete(connectionId);
  }

  renew(connectionId: string): void {
    const lease = this.leases.get(connectionId);
    if (lease !== undefined) lease.until = this.deps.clock.now() + this.deps.leaseMs;
  }

  state(roomId: string): PresenceState {
    const here = this.rooms.get(roomId)?.here;
    if (here === undefined) return { count: 0 };
    if (here.size > namedUpTo) return { count: here.size };
    return { count: here.size, accounts: [...here.values()].flatMap(({ profile }) => profile ?? []) };
  }

  online(roomId: string): ReadonlySet<string> | null {
    const here = this.rooms.get(roomId)?.here;
    if (here === undefined) return new Set();
    if (here.size > namedUpTo) return null;
    return new Set([...here.values()].flatMap(({ profile }) => profile?.accountId ?? []));
  }

  count(roomId: string): number {
    return this.rooms.get(roomId)?.here.size ?? 0;
  }

  /** Tells what has changed and ends leases that ran out. To be called about once a second. */
  tick(): void {
    const now = this.deps.clock.now();
    for (const [connectionId, lease] of this.leases) if (lease.until < now) this.end(connectionId);
    for (const roomId of [...this.dirty]) this.tell(roomId, now);
  }

  private tell(roomId: string, now: number): void {
    const room = this.rooms.get(roomId);
    if (room === undefined) return;
    let waiting = false;
    for (const [key, here] of room.here) {
      if (here.goneAt === null) continue;
      if (now - here.goneAt < graceMs) {
        waiting = true;
        continue;
      }
      room.here.delete(key);
      if (!room.joined.delete(key)) room.left.add(key);
    }
    if (!waiting) this.dirty.delete(roomId);
    if (room.joined.size > 0 || room.left.size > 0) {
      const named = room.here.size <= namedUpTo;
      const joined = [...room.joined].flatMap((key) => room.here.get(key)?.profile ?? []);
      const left = [...room.left];
      room.joined.clear();
      room.left.clear();
      this.deps.publish(roomId, {
        type: "presence",
        roomId,
        count: room.here.size,
        ...(named && joined.length > 0 && { joined }),
        ...(named && left.length > 0 && { left }),
      });
    }
    if (room.here.size === 0) this.rooms.delete(roomId);
  }

  private room(roomId: string): RoomState {
    let room = this.rooms.get(roomId);
    if (room === undefined) {
      room = { here: new Map(), joined: new Set(), left: new Set() };
      this.rooms.set(roomId, room);
    }
    return room;
  }
}
