import { type Kysely, type SqlBool, sql } from "kysely";
import type { Database } from "../../../../platform/db/database.ts";
import type { AlertsTables } from "../../alerts.tables.ts";
import { followersMentioned } from "../guilds.mentions.sql.ts";
import { claimHolds, claimRoles } from "./followers.claims.sql.ts";
import { settleOne } from "./followers.settle.sql.ts";
import type { FollowersStore, RoleProblem } from "./followers.store.ts";

/** A role that nothing mentions any more stays for so long: a choice that is taken back costs nobody their place. */
const GRACE_MS = 3_600_000;

/** Roles and their holders in SQLite or Postgres. */
export function createFollowersStore(database: Database): FollowersStore {
  const db = database.tables<AlertsTables>();
  const locked = database.engine === "postgres";
  const ofPair = (guildId: string, broadcasterId: string) =>
    db
      .selectFrom("follower_roles")
      .where("follower_roles.guild_id", "=", guildId)
      .where("follower_roles.broadcaster_id", "=", broadcasterId);

  return {
    claim: (request) =>
      db
        .transaction()
        .execute((tx) =>
          request.lane === "roles" ? claimRoles(tx, request, locked) : claimHolds(tx, request, locked),
        ),

    settle: (settlements, now) =>
      db.transaction().execute(async (tx) => {
        const written: boolean[] = [];
        for (const each of settlements) written.push(await settleOne(tx, each, now));
        return written;
      }),

    derive: (now) =>
      db.transaction().execute(async (tx) => {
        const changes = [
          await dropHolds(tx, now),
          await wantRoles(tx, now),
          await keepRoles(tx, now),
          await dropRoles(tx, now),
        ];
        return changes.some((count) => count > 0n);
      }),

    async creating(job, now) {
      const done = await db
        .updateTable("follower_roles")
        .set({ uncertain_since: sql`coalesce(uncertain_since, ${now})` })
        .where("guild_id", "=", job.guildId)
        .where("broadcaster_id", "=", job.broadcasterId)
        .where("fence", "=", job.fence)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async roleOf(guildId, broadcasterId) {
      const row = await ofPair(guildId, broadcasterId).select("role_id").executeTakeFirst();
      return row?.role_id ?? null;
    },

    async rolesOf(guildId) {
      const rows = await db
        .selectFrom("follower_roles")
        .select("role_id")
        .where("guild_id", "=", guildId)
        .where("role_id", "is not", null)
        .execute();
      return rows.flatMap(({ role_id }) => (role_id === null ? [] : [role_id]));
    },

    async problemOf(guildId) {
      const row = await db
        .selectFrom("follower_roles")
        .select("problem")
        .where("guild_id", "=", guildId)
        .where("problem", "is not", null)
        .where("unwanted_at", "is", null)
        .orderBy("problem")
        .executeTakeFirst();
      return (row?.problem ?? null) as RoleProblem | null;
    },

    async retryProblems(guildId, before, now) {
      const done = await db
        .updateTable("follower_roles")
        .set({ due_at: now })
        .where("guild_id", "=", guildId)
        .where("problem", "is not", null)
        .where("due_at", ">", now)
        .where("due_at", "<=", before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async recheck(accountId, now) {
      await db.updateTable("follower_holds").set({ due_at: now }).where("account_id", "=", accountId).execute();
    },

    async lagging(now) {
      const row = await db
        .selectFrom("follower_holds as h")
        .innerJoin("follower_roles as r", (join) =>
          join.onRef("r.guild_id", "=", "h.guild_id").onRef("r.broadcaster_id", "=", "h.broadcaster_id"),
        )
        .select((eb) => eb.fn.countAll<number>().as("total"))
        .where("h.due_at", "<=", now)
        .where((eb) => eb.or([eb("h.has", "is", null), eb("h.has", "!=", eb.ref("h.wanted"))]))
        .executeTakeFirst();
      return Number(row?.total ?? 0);
    },
  };
}

type Tx = Kysely<AlertsTables>;

const choice = sql`
  select 1 from preferences as p
  where p.account_id = follower_holds.account_id
    and p.guild_id = follower_holds.guild_id
    and p.broadcaster_id = follower_holds.broadcaster_id`;

/** Holders who have not (or not any more) chosen so. */
async function dropHolds(tx: Tx, now: number): Promise<bigint> {
  const dropped = await tx
    .updateTable("follower_holds")
    .set({ wanted: 0, due_at: now })
    .where("wanted", "=", 1)
    .where(sql<SqlBool>`not exists (${choice} and p.discord = 1)`)
    .executeTakeFirst();
  await tx
    .deleteFrom("follower_holds")
    .where("wanted", "=", 0)
    .where("has", "=", 0)
    .where("lease_until", "<=", now)
    .where(sql<SqlBool>`not exists (${choice})`)
    .execute();
  return dropped.numUpdatedRows;
}

/** A role for each broadcaster that somebody follows, where followers are mentioned. */
async function wantRoles(tx: Tx, now: number): Promise<bigint> {
  const wanted = tx
    .selectFrom("guild_broadcasters as gb")
    .select((eb) => [
      "gb.guild_id",
      "gb.broadcaster_id",
      eb.cast<number>(eb.val(now), "bigint").as("due_at"),
      eb.lit(0).as("lease_until"),
      eb.lit(0).as("fence"),
      eb.lit(0).as("attempts"),
    ])
    .where("gb.guild_id", "in", followersMentioned(tx))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("follower_holds as h")
          .select("h.user_id")
          .whereRef("h.guild_id", "=", "gb.guild_id")
          .whereRef("h.broadcaster_id", "=", "gb.broadcaster_id")
          .where("h.wanted", "=", 1),
      ),
    );
  const done = await tx
    .insertInto("follower_roles")
    .columns(["guild_id", "broadcaster_id", "due_at", "lease_until", "fence", "attempts"])
    .expression(wanted)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows ?? 0n;
}

const announced = sql<SqlBool>`exists (
  select 1 from guild_broadcasters as gb
  where gb.guild_id = follower_roles.guild_id and gb.broadcaster_id = follower_roles.broadcaster_id)`;

/** Roles that are mentioned again. */
async function keepRoles(tx: Tx, now: number): Promise<bigint> {
  const done = await tx
    .updateTable("follower_roles")
    .set({ unwanted_at: null, due_at: now })
    .where("unwanted_at", "is not", null)
    .where("guild_id", "in", followersMentioned(tx))
    .where(announced)
    .executeTakeFirst();
  return done.numUpdatedRows;
}

/** Roles that nothing mentions any more. One that was never made is simply forgotten. */
async function dropRoles(tx: Tx, now: number): Promise<bigint> {
  const done = await tx
    .updateTable("follower_roles")
    .set({ unwanted_at: now, due_at: now + GRACE_MS, problem: null })
    .where("unwanted_at", "is", null)
    .where(({ or, not, eb }) => or([eb("guild_id", "not in", followersMentioned(tx)), not(announced)]))
    .executeTakeFirst();
  await tx
    .deleteFrom("follower_roles")
    .where("unwanted_at", "is not", null)
    .where("role_id", "is", null)
    .where("uncertain_since", "is", null)
    .where("lease_until", "<=", now)
    .execute();
  return done.numUpdatedRows;
}
