import type { Member, Profile } from "@foyer/protocol";
import type { Caller } from "../../../platform/caller/caller.ts";
import { type Clock, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Access } from "../access.ts";
import type { Accounts, Presence } from "../chat.ports.ts";
import type { MemberRow } from "../chat.tables.ts";
import type { SanctionsStore } from "../moderation/sanctions.store.ts";
import type { MembersStore } from "./members.store.ts";
import { muteOf } from "./room.context.ts";
import { profileOf } from "./room.presenter.ts";

export interface MembersListDeps {
  members: Pick<MembersStore, "list">;
  sanctions: Pick<SanctionsStore, "mutes">;
  access: Pick<Access, "load">;
  accounts: Pick<Accounts, "profiles" | "role">;
  presence: Presence;
  clock: Clock;
}

export interface MembersQuery {
  /** Beginning of a handle, of a display name or of a word in it. */
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

interface Entry {
  row: MemberRow;
  profile: Profile;
  key: string;
}

/**
 * Members by display name, paged. Names belong to identity, so that all members are read and sorted here: fit for
 * rooms of thousands, with profiles out of identity's cache.
 */
export async function listMembers(
  deps: MembersListDeps,
  caller: Caller,
  roomId: string,
  query: MembersQuery,
): Promise<{ members: Member[]; next?: string }> {
  const { rights } = await deps.access.load(caller, roomId);
  const rows = await deps.members.list(roomId);
  const profiles = await deps.accounts.profiles(rows.map((row) => row.account_id));
  const needle = fold(query.q?.trim() ?? "");
  const after = query.cursor === undefined ? undefined : await keyAt(deps, query.cursor);
  const entries = rows
    .map((row) => ({ row, profile: profileOf(row.account_id, profiles) }))
    .map((entry) => ({ ...entry, key: keyOf(entry.profile) }))
    .filter((entry) => matches(entry.profile, needle) && (after === undefined || entry.key > after))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = entries.slice(0, query.limit);
  const last = page.at(-1);
  const members = await present(deps, roomId, page, rights.moderate);
  return entries.length > page.length && last !== undefined ? { members, next: last.row.account_id } : { members };
}

async function present(deps: MembersListDeps, roomId: string, page: Entry[], moderates: boolean): Promise<Member[]> {
  const ids = page.map((entry) => entry.row.account_id);
  const [roles, mutes] = await Promise.all([
    Promise.all(ids.map((id) => deps.accounts.role(id))),
    moderates ? deps.sanctions.mutes(roomId, ids, deps.clock.now()) : [],
  ]);
  const online = deps.presence.online(roomId);
  return page.map(({ row, profile }, index) => {
    const mute = muteOf(mutes.filter((sanction) => sanction.account_id === row.account_id));
    const mutedUntil = mute?.until == null ? null : isoTime(mute.until);
    return {
      ...profile,
      role: roles[index] ?? "guest",
      roomRole: row.room_role,
      joinedAt: isoTime(row.joined_at),
      online: online?.has(row.account_id) ?? null,
      ...(mute === undefined ? {} : { mutedUntil }),
    };
  });
}

/** Sorts by name without regard to case, and by id among those of one name. */
function keyOf(profile: Profile): string {
  return `${fold(profile.displayName)}\u0000${profile.accountId}`;
}

function matches(profile: Profile, needle: string): boolean {
  if (needle === "") return true;
  const name = fold(profile.displayName);
  return profile.handle.startsWith(needle) || name.startsWith(needle) || name.includes(` ${needle}`);
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** The cursor is the account that came last. Its place is looked up, so that it holds no name. */
async function keyAt(deps: MembersListDeps, accountId: string): Promise<string> {
  const profile = (await deps.accounts.profiles([accountId])).get(accountId);
  if (profile === undefined) throw new AppError("request.invalid", "The cursor is not one of this list.");
  return keyOf(profile);
}
