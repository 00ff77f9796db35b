import { holdsScope, type Role, scopedRole } from "@foyer/protocol";
import { z } from "zod";
import { type Bus, gapTopic } from "../../platform/bus/bus.ts";
import type { Caller } from "../../platform/caller/caller.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import { type Access, type AccessChange, accessChangedTopic, type RoomContext } from "./access.ts";
import { addressBansApply, closedTo } from "./chat.policy.ts";
import type { Accounts } from "./chat.ports.ts";
import type { SanctionRow } from "./chat.tables.ts";
import type { SanctionsStore, SanctionTarget } from "./moderation/sanctions.store.ts";
import { contextOf } from "./rooms/room.context.ts";
import type { RoomsStore } from "./rooms/rooms.store.ts";
import { StampedCache } from "./stamped.cache.ts";

export interface AccessDeps {
  rooms: Pick<RoomsStore, "find">;
  sanctions: Pick<SanctionsStore, "inForce">;
  accounts: Pick<Accounts, "role">;
  bus: Bus;
  clock: Clock;
  /** How many contexts are kept. */
  size?: number;
}

/** The bus may lose a message: no context is believed for longer than this. */
const maxAgeMs = 60_000;

/** Topic of identity, as JSON `{accountId}`: profile, role or suspension of the account changed. */
const accountChangedTopic = "identity.account_changed";

const change = z.object({ roomId: z.string().optional(), accountId: z.string().optional() });

/**
 * Access over the stores, with a bounded cache of contexts. Subscribes to the bus; `close` ends that. Errors are never
 * cached: whoever is refused is looked up again the next time.
 */
export function createAccess(deps: AccessDeps): Access & { close(): void } {
  const { rooms, sanctions, accounts, bus, clock } = deps;
  const cache = new StampedCache<RoomContext>(deps.size ?? 20_000);

  const forget = ({ roomId, accountId }: AccessChange) => {
    if (roomId === undefined && accountId === undefined) cache.clear();
    else cache.invalidate(tag(roomId, accountId));
  };
  const heard = (payload: string) => {
    const parsed = parseChange(payload);
    // What cannot be understood may have been about anything.
    forget(parsed ?? {});
  };
  const subscriptions = [
    bus.subscribe(accessChangedTopic, heard),
    bus.subscribe(accountChangedTopic, heard),
    bus.subscribe(gapTopic, () => cache.clear()),
  ];

  async function load(caller: Caller, roomId: string): Promise<RoomContext> {
    const stamp = cache.now();
    const target = targetOf(caller);
    const [found, role, inForce] = await Promise.all([
      rooms.find(roomId, target.accountId),
      roleOf(caller, accounts),
      sanctions.inForce(target, [roomId], clock.now()),
    ]);
    if (found === undefined) throw new AppError("room.not_found", "There is no such room.");
    const { room } = found;
    const effective = inForce.filter((row) => row.address_hash === null || addressBansApply(role));
    const context = scoped(contextOf({ ...found, role, sanctions: effective }), caller);
    // Whoever does not know of a room does not learn of it by being banned elsewhere.
    const isHis = (row: SanctionRow) => row.account_id === target.accountId && row.room_id === room.id;
    if (context.rights.read || room.kind === "public" || effective.some(isHis)) refuseBanned(effective, clock.now());
    if (!context.rights.read) {
      const refusal = closedTo(room, role);
      throw new AppError(refusal.code, refusal.message);
    }
    const ends = effective.map((row) => row.until ?? Number.POSITIVE_INFINITY);
    const expiresAt = Math.min(clock.now() + maxAgeMs, ...ends);
    cache.put(keyOf(caller, roomId), context, { stamp, expiresAt, tags: tagsOf(caller, roomId) });
    return context;
  }

  return {
    cached: (caller, roomId) => cache.get(keyOf(caller, roomId), clock.now()),
    load: async (caller, roomId) => cache.get(keyOf(caller, roomId), clock.now()) ?? (await load(caller, roomId)),
    async admit(caller) {
      const [role, inForce] = await Promise.all([
        roleOf(caller, accounts),
        sanctions.inForce(targetOf(caller), [], clock.now()),
      ]);
      refuseBanned(
        inForce.filter((row) => row.address_hash === null || addressBansApply(role)),
        clock.now(),
      );
    },
    changed(what) {
      forget(what);
      bus.publish(accessChangedTopic, JSON.stringify(what));
    },
    close() {
      for (const end of subscriptions) end();
    },
  };
}

/** Whom a sanction on the caller would carry. */
export function targetOf(caller: Caller): SanctionTarget {
  return { accountId: caller.kind === "account" ? caller.accountId : null, addressHash: caller.addressHash };
}

/** The caller's role as it is now and as far as its token goes, null for anonymous callers. Throws `auth.token_invalid` when the account is gone. */
export async function roleOf(caller: Caller, accounts: Pick<Accounts, "role">): Promise<Role | null> {
  if (caller.kind === "anonymous") return null;
  const role = await accounts.role(caller.accountId);
  if (role === undefined) throw new AppError("auth.token_invalid", "The account is no longer there.");
  return scopedRole(role, caller.scopes);
}

/** A token for programs without the scope for it moderates and manages nothing, whoever its account is in the room. */
function scoped(context: RoomContext, caller: Caller): RoomContext {
  if (caller.kind === "anonymous" || holdsScope(caller.scopes, "moderate")) return context;
  return { ...context, rights: { ...context.rights, moderate: false, manage: false, mentionRoom: false } };
}

/** Throws `member.banned` when a ban is among the sanctions in force. */
function refuseBanned(rows: readonly SanctionRow[], now: number): void {
  const bans = rows.filter((row) => row.kind === "ban");
  if (bans.length === 0) return;
  const until = bans.some((row) => row.until === null) ? null : Math.max(...bans.map((row) => row.until ?? 0));
  throw new AppError(
    "member.banned",
    bans.some((row) => row.room_id === null) ? "You are banned from this server." : "You are banned from this room.",
    until === null ? {} : { retryAfter: Math.max(1, Math.ceil((until - now) / 1000)) },
  );
}

function keyOf(caller: Caller, roomId: string): string {
  return caller.kind === "account"
    ? `${roomId} ${caller.accountId} ${caller.addressHash} ${caller.scopes?.join() ?? ""}`
    : `${roomId} @ ${caller.addressHash}`;
}

function tag(roomId: string | undefined, accountId: string | undefined): string {
  return `${roomId ?? ""} ${accountId ?? ""}`;
}

function tagsOf(caller: Caller, roomId: string): string[] {
  const ofRoom = [tag(roomId, undefined)];
  return caller.kind === "account"
    ? [...ofRoom, tag(undefined, caller.accountId), tag(roomId, caller.accountId)]
    : ofRoom;
}

function parseChange(payload: string): AccessChange | undefined {
  try {
    const { roomId, accountId } = change.parse(JSON.parse(payload));
    return { ...(roomId === undefined ? {} : { roomId }), ...(accountId === undefined ? {} : { accountId }) };
  } catch {
    return undefined;
  }
}
