import { type Kysely, type SqlBool, sql } from "kysely";
import type { Settlement } from "../../../../platform/outbox/outbox.port.ts";
import type { AlertsTables } from "../../alerts.tables.ts";
import type { FollowerJob, FollowerResult, HoldWork, RoleWork } from "./followers.store.ts";

type Tx = Kysely<AlertsTables>;
type Settled = Settlement<FollowerJob, FollowerResult>;

/** How often everything is looked at again. */
export const RECHECK_MS = 3_600_000;

/** Writes one try down. False: somebody else holds the work by now. */
export function settleOne(tx: Tx, settlement: Settled, now: number): Promise<boolean> {
  const { job } = settlement;
  return job.kind === "hold" ? settleHold(tx, job, settlement, now) : settleRole(tx, job, settlement, now);
}

async function settleHold(
  tx: Tx,
  job: FollowerJob & HoldWork,
  { kind, result, dueAt }: Settled,
  now: number,
): Promise<boolean> {
  const due = dueAt ?? now + RECHECK_MS;
  const done = await tx
    .updateTable("follower_holds")
    .set({
      lease_until: 0,
      attempts: kind === "again" ? job.tries + 1 : 0,
      ...(result.kind === "hold" ? { has: bit(result.has) } : {}),
      ...(result.kind === "role_gone" ? { has: 0 } : {}),
      // Somebody who changed their mind meanwhile does not wait an hour for it.
      due_at: sql<number>`case when wanted = ${job.wanted ? 1 : 0} then cast(${due} as bigint) else cast(${now} as bigint) end`,
    })
    .where("guild_id", "=", job.guildId)
    .where("broadcaster_id", "=", job.broadcasterId)
    .where("user_id", "=", job.userId)
    .where("fence", "=", job.fence)
    .executeTakeFirst();
  if (done.numUpdatedRows === 0n) return false;
  const ofThisRole = role(tx, job).where("role_id", "=", job.roleId);
  if (result.kind === "role_gone") await ofThisRole.set({ role_id: null, due_at: now }).execute();
  // Not at once: what was just refused would be refused again.
  if (result.kind === "problem") await ofThisRole.set({ problem: result.problem, due_at: now + PROBLEM_MS }).execute();
  return true;
}

/** What is in the way is looked at again after this time, or when somebody opens the guild's page. */
const PROBLEM_MS = 900_000;

async function settleRole(
  tx: Tx,
  job: FollowerJob & RoleWork,
  { kind, result, dueAt }: Settled,
  now: number,
): Promise<boolean> {
  const held = role(tx, job).where("fence", "=", job.fence);
  const attempts = kind === "again" ? job.tries + 1 : 0;
  if (result.kind === "deleted") {
    const gone = await tx
      .deleteFrom("follower_roles")
      .where("guild_id", "=", job.guildId)
      .where("broadcaster_id", "=", job.broadcasterId)
      .where("fence", "=", job.fence)
      .executeTakeFirst();
    if (gone.numDeletedRows > 0n) await holds(tx, job).set({ has: 0 }).execute();
    return gone.numDeletedRows > 0n;
  }
  const written = await held
    .set({
      lease_until: 0,
      attempts,
      due_at: dueAt ?? now + (result.kind === "problem" ? PROBLEM_MS : RECHECK_MS),
      ...(result.kind === "role" ? { role_id: result.roleId, problem: null, uncertain_since: null } : {}),
      ...(result.kind === "role_gone" ? { role_id: null, due_at: now } : {}),
      ...(result.kind === "problem" ? { problem: result.problem, uncertain_since: null } : {}),
    })
    .executeTakeFirst();
  if (written.numUpdatedRows === 0n) return false;
  const isNew = result.kind === "role" && result.fresh;
  if (isNew || result.kind === "role_gone") {
    await holds(tx, job).set({ has: 0, due_at: now }).execute();
  } else if (result.kind === "role") {
    // What waited because something was in the way goes on now.
    await holds(tx, job)
      .set({ due_at: now })
      .where("due_at", ">", now)
      .where(sql<SqlBool>`(has is null or has <> wanted)`)
      .execute();
  }
  return true;
}

const bit = (has: boolean | null) => (has === null ? null : has ? 1 : 0);

const role = (tx: Tx, { guildId, broadcasterId }: FollowerJob) =>
  tx.updateTable("follower_roles").where("guild_id", "=", guildId).where("broadcaster_id", "=", broadcasterId);

const holds = (tx: Tx, { guildId, broadcasterId }: FollowerJob) =>
  tx.updateTable("follower_holds").where("guild_id", "=", guildId).where("broadcaster_id", "=", broadcasterId);
