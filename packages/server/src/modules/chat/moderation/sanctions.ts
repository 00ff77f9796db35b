import { type Ban, closeCodes } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { roleOf } from "../access.cache.ts";
import type { Access, RoomContext } from "../access.ts";
import { outranks } from "../chat.policy.ts";
import type { Accounts, RoomBroadcast } from "../chat.ports.ts";
import type { SanctionRow } from "../chat.tables.ts";
import type { MembersStore } from "../rooms/members.store.ts";
import type { Membership } from "../rooms/membership.ts";
import type { RoomNews } from "../rooms/room.news.ts";
import { profileOf } from "../rooms/room.presenter.ts";
import type { BanRecord, SanctionsStore } from "./sanctions.store.ts";

export interface SanctionsDeps {
  store: SanctionsStore;
  members: Pick<MembersStore, "remove">;
  membership: Pick<Membership, "mayActOn">;
  access: Access;
  accounts: Pick<Accounts, "profiles" | "role" | "addressesOf">;
  news: RoomNews;
  broadcast: RoomBroadcast;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

/** Whom a sanction meets, for how long (without `seconds` until it is lifted) and why. */
export interface SanctionTerms {
  accountId: string;
  seconds?: number | undefined;
  reason?: string | undefined;
}

/** `address`: the addresses at which the account was last seen are banned with it. */
export type BanTerms = SanctionTerms & { address: boolean };

/** Mutes, time outs and bans of rooms, and bans of the whole server. */
export class Sanctions {
  private readonly deps: SanctionsDeps;

  constructor(deps: SanctionsDeps) {
    this.deps = deps;
  }

  /**
   * Takes an account's voice in a room: a mute, or with `seconds` a time out. It takes the place of one in force.
   * Throws `room.forbidden` (no moderator, or not of lower rank) and `account.not_found`.
   */
  async mute(caller: AccountCaller, roomId: string, terms: SanctionTerms): Promise<void> {
    await this.moderating(caller, roomId, terms.accountId);
    const row = this.rowOf("mute", roomId, caller, terms);
    await this.deps.store.impose([row]);
    const action = terms.seconds === undefined ? "member.muted" : "member.timed_out";
    await this.record(caller, action, terms.accountId, { roomId, seconds: terms.seconds ?? null });
    this.deps.news.rights(roomId, terms.accountId);
  }

  /** Gives the voice back. Does nothing when there is no mute. */
  async unmute(caller: AccountCaller, roomId: string, accountId: string): Promise<void> {
    await this.moderating(caller, roomId, accountId);
    const { store, clock, news } = this.deps;
    if (!(await store.lift({ kind: "mute", roomId, accountId }, clock.now()))) return;
    await this.record(caller, "member.unmuted", accountId, { roomId });
    news.rights(roomId, accountId);
  }

  /** Bans an account from a room and takes it out. Throws as `mute` does. */
  async ban(caller: AccountCaller, roomId: string, terms: BanTerms): Promise<Ban> {
    const { room } = await this.moderating(caller, roomId, terms.accountId);
    const { row, addresses } = await this.imposeBan(caller, roomId, terms);
    await this.deps.members.remove(roomId, terms.accountId);
    const details = { roomId, seconds: terms.seconds ?? null, addresses: addresses.length };
    await this.record(caller, "member.banned", terms.accountId, details);
    // An address may be that of many accounts.
    this.deps.access.changed({ roomId });
    await this.deps.news.removed(room, terms.accountId, addresses);
    return this.present({ row, address: addresses.length > 0 });
  }

  /** Bans of a room in force, newest first. Throws `room.forbidden` to those who do not moderate it. */
  async bans(caller: AccountCaller, roomId: string): Promise<Ban[]> {
    const context = await this.deps.access.load(caller, roomId);
    if (!context.rights.moderate) throw new AppError("room.forbidden", "You are no moderator of this room.");
    return this.presentAll(await this.deps.store.bans(roomId, this.deps.clock.now()));
  }

  /** Lifts a ban with the addresses that belong to it. Throws `ban.not_found`. */
  async liftBan(caller: AccountCaller, roomId: string, banId: string): Promise<void> {
    const row = await this.deps.store.ban(banId, roomId, this.deps.clock.now());
    const context = await this.deps.access.load(caller, roomId);
    if (!context.rights.moderate) throw new AppError("room.forbidden", "You are no moderator of this room.");
    await this.lift(caller, row, roomId);
    this.deps.access.changed({ roomId });
  }

  /**
   * Bans an account from the whole server and closes its connections. Throws `auth.forbidden` for accounts that are
   * not of lower role, and `account.not_found`.
   */
  async banFromServer(caller: AccountCaller, terms: BanTerms): Promise<Ban> {
    await this.serverModerating(caller, terms.accountId);
    const { row, addresses } = await this.imposeBan(caller, null, terms);
    const details = { seconds: terms.seconds ?? null, addresses: addresses.length };
    await this.record(caller, "account.banned", terms.accountId, details);
    const { access, broadcast } = this.deps;
    access.changed(addresses.length > 0 ? {} : { accountId: terms.accountId });
    broadcast.disconnect({ accountId: terms.accountId }, closeCodes.banned);
    for (const addressHash of addresses) broadcast.disconnect({ addressHash }, closeCodes.banned);
    return this.present({ row, address: addresses.length > 0 });
  }

  /** Bans of the whole server in force, newest first. For moderators: the face checks that. */
  async serverBans(): Promise<Ban[]> {
    return this.presentAll(await this.deps.store.bans(null, this.deps.clock.now()));
  }

  /** Lifts a ban of the server with the addresses that belong to it. Throws `ban.not_found`. */
  async liftServerBan(caller: AccountCaller, banId: string): Promise<void> {
    await this.lift(caller, await this.deps.store.ban(banId, null, this.deps.clock.now()), null);
    this.deps.access.changed({});
  }

  private async lift(caller: AccountCaller, row: SanctionRow | undefined, roomId: string | null): Promise<void> {
    const accountId = row?.account_id;
    const at = this.deps.clock.now();
    if (accountId == null || !(await this.deps.store.lift({ kind: "ban", roomId, accountId }, at))) {
      throw new AppError("ban.not_found", "There is no such ban.");
    }
    const details: Record<string, string> = roomId === null ? {} : { roomId };
    await this.record(caller, roomId === null ? "account.unbanned" : "member.unbanned", accountId, details);
  }

  private async imposeBan(caller: AccountCaller, roomId: string | null, terms: BanTerms) {
    const { accounts, store, ids } = this.deps;
    const row = this.rowOf("ban", roomId, caller, terms);
    const addresses = terms.address ? await accounts.addressesOf(terms.accountId) : [];
    const more = addresses.map((hash) => ({ ...row, id: ids.uuid(), address_hash: hash }));
    await store.impose([row, ...more]);
    return { row, addresses };
  }

  private async moderating(caller: AccountCaller, roomId: string, accountId: string): Promise<RoomContext> {
    const { access, membership } = this.deps;
    const context = await access.load(caller, roomId);
    const target = await membership.mayActOn(context, accountId);
    if (context.room.kind !== "public" && target.roomRole === null) {
      throw new AppError("member.not_found", "That account is no member of this room.");
    }
    return context;
  }

  private async serverModerating(caller: AccountCaller, accountId: string): Promise<void> {
    const { accounts } = this.deps;
    const [own, role] = await Promise.all([roleOf(caller, accounts), accounts.role(accountId)]);
    if (role === undefined) throw new AppError("account.not_found", "There is no such account.");
    if (!outranks(null, { role: own, roomRole: null }, { role, roomRole: null })) {
      throw new AppError("auth.forbidden", "You may not act on somebody of your own or a higher rank.");
    }
  }

  private rowOf(
    kind: SanctionRow["kind"],
    roomId: string | null,
    caller: AccountCaller,
    terms: SanctionTerms,
  ): SanctionRow {
    const now = this.deps.clock.now();
    return {
      id: this.deps.ids.uuid(),
      kind,
      room_id: roomId,
      account_id: terms.accountId,
      address_hash: null,
      until: terms.seconds === undefined ? null : now + terms.seconds * 1000,
      reason: terms.reason ?? "",
      created_by: caller.accountId,
      created_at: now,
      lifted_at: null,
    };
  }

  private record(
    caller: AccountCaller,
    action: string,
    accountId: string,
    details: Record<string, string | number | null>,
  ): Promise<void> {
    const subject = { kind: "account", id: accountId };
    return this.deps.audit.record({ actorId: caller.accountId, action, subject, details });
  }

  private async presentAll(records: readonly BanRecord[]): Promise<Ban[]> {
    const ids = records.flatMap(({ row }) => [row.account_id, row.created_by].filter((id) => id !== null));
    const profiles = await this.deps.accounts.profiles([...new Set(ids)]);
    return records.map(({ row, address }) => ({
      banId: row.id,
      roomId: row.room_id,
      account: row.account_id === null ? null : profileOf(row.account_id, profiles),
      address,
      reason: row.reason,
      by: row.created_by === null ? null : profileOf(row.created_by, profiles),
      createdAt: isoTime(row.created_at),
      ...(row.until === null ? {} : { until: isoTime(row.until) }),
    }));
  }

  private async present(record: BanRecord): Promise<Ban> {
    const [ban] = await this.presentAll([record]);
    if (ban === undefined) throw new Error("one record gives one ban");
    return ban;
  }
}
