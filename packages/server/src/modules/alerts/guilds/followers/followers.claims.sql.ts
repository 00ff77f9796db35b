import { type Kysely, type SqlBool, sql } from "kysely";
import type { ClaimRequest } from "../../../../platform/outbox/outbox.port.ts";
import type { AlertsTables } from "../../alerts.tables.ts";
import type { FollowerJob } from "./followers.store.ts";

/** Roles that are due, in guilds where the bot is, or that nobody knows any more but Discord. */
export async function claimRoles(
  tx: Kysely<AlertsTables>,
  { now, leaseUntil, limit }: ClaimRequest,
  locked: boolean,
): Promise<FollowerJob[]> {
  let due = tx
    .selectFrom("follower_roles as r")
    .select(["r.guild_id", "r.broadcaster_id"])
    .where("r.due_at", "<=", now)
    .where("r.lease_until", "<=", now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("guilds as g")
            .select("g.guild_id")
            .whereRef("g.guild_id", "=", "r.guild_id")
            .where("g.bot_installed", "=", 0),
        ),
      ),
    )
    .orderBy("r.due_at")
    .limit(limit);
  if (locked) due = due.forUpdate().skipLocked();
  const jobs: FollowerJob[] = [];
  for (const { guild_id, broadcaster_id } of await due.execute()) {
    const row = await tx
      .updateTable("follower_roles")
      .set({ lease_until: leaseUntil, fence: sql`fence + 1` })
      .where("guild_id", "=", guild_id)
      .where("broadcaster_id", "=", broadcaster_id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const person = await tx
      .selectFrom("broadcasters")
      .select("display_name")
      .where("broadcaster_id", "=", broadcaster_id)
      .executeTakeFirst();
    jobs.push({
      kind: "role",
      key: `${guild_id} ${broadcaster_id}`,
      guildId: guild_id,
      broadcasterId: broadcaster_id,
      fence: row.fence,
      leaseUntil,
      tries: row.attempts,
      displayName: person?.display_name,
      roleId: row.role_id,
      wanted: row.unwanted_at === null,
      uncertainSince: row.uncertain_since,
    });
  }
  return jobs;
}

/** Holders that are due and whose role is there: those that are not as wanted, or those that are. */
export async function claimHolds(
  tx: Kysely<AlertsTables>,
  { now, leaseUntil, limit, lane }: ClaimRequest,
  locked: boolean,
): Promise<FollowerJob[]> {
  const settled = sql<SqlBool>`h.has is not null and h.has = h.wanted`;
  let due = tx
    .selectFrom("follower_holds as h")
    .innerJoin("follower_roles as r", (join) =>
      join.onRef("r.guild_id", "=", "h.guild_id").onRef("r.broadcaster_id", "=", "h.broadcaster_id"),
    )
    .innerJoin("guilds as g", "g.guild_id", "h.guild_id")
    .select(["h.guild_id", "h.broadcaster_id", "h.user_id", "r.role_id"])
    .where("h.due_at", "<=", now)
    .where("h.lease_until", "<=", now)
    .where("g.bot_installed", "=", 1)
    .where("r.role_id", "is not", null)
    // What is in the way of one is in the way of all: the role itself is looked at, not each holder.
    .where("r.problem", "is", null)
    .where(lane === "checks" ? settled : sql<SqlBool>`not (${settled})`)
    // Whoever wants to be silent does not wait behind a crowd that begins to follow.
    .orderBy("h.wanted")
    .orderBy("h.due_at")
    .limit(limit);
  if (locked) due = due.forUpdate("h").skipLocked();
  const jobs: FollowerJob[] = [];
  for (const { guild_id, broadcaster_id, user_id, role_id } of await due.execute()) {
    const row = await tx
      .updateTable("follower_holds")
      .set({ lease_until: leaseUntil, fence: sql`fence + 1` })
      .where("guild_id", "=", guild_id)
      .where("broadcaster_id", "=", broadcaster_id)
      .where("user_id", "=", user_id)
      .returningAll()
      .executeTakeFirstOrThrow();
    jobs.push({
      kind: "hold",
      key: `${guild_id} ${broadcaster_id} ${user_id}`,
      guildId: guild_id,
      broadcasterId: broadcaster_id,
      fence: row.fence,
      leaseUntil,
      tries: row.attempts,
      roleId: role_id ?? "",
      userId: user_id,
      accountId: row.account_id,
      wanted: row.wanted === 1,
      has: row.has === null ? null : row.has === 1,
    });
  }
  return jobs;
}
