import { type Kysely, type SqlBool, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { Choice } from "./preference.types.ts";
import type { ChoiceKey, PreferencesStore } from "./preferences.store.ts";

type Tx = Kysely<AlertsTables>;

/** What SQLite takes in one statement, and some room. */
const perStatement = 500;

/** Preferences in SQLite or Postgres. */
export function createPreferencesStore(database: Database): PreferencesStore {
  const db = database.tables<AlertsTables>();
  const choiceOf = (row: { discord: number; push: number }) => ({ discord: row.discord === 1, push: row.push === 1 });

  return {
    async of(accountId) {
      const rows = await db.selectFrom("preferences").selectAll().where("account_id", "=", accountId).execute();
      return rows.map((row) => ({
        guildId: row.guild_id,
        broadcasterId: row.broadcaster_id,
        ...choiceOf(row),
      }));
    },

    change: (key, change, otherwise, userId, now) =>
      db.transaction().execute(async (tx) => {
        const first = { ...otherwise, ...definedOf(change) };
        const row = await tx
          .insertInto("preferences")
          .values({
            account_id: key.accountId,
            guild_id: key.guildId,
            broadcaster_id: key.broadcasterId,
            discord: bit(first.discord),
            push: bit(first.push),
            changed_at: now,
          })
          // Only what is changed is written: two changes at once leave both.
          .onConflict((conflict) =>
            conflict.columns(["account_id", "guild_id", "broadcaster_id"]).doUpdateSet({
              ...(change.discord === undefined ? {} : { discord: bit(change.discord) }),
              ...(change.push === undefined ? {} : { push: bit(change.push) }),
              changed_at: now,
            }),
          )
          .returning(["discord", "push"])
          .executeTakeFirstOrThrow();
        const choice = choiceOf(row);
        if (choice.discord && userId !== undefined) await want(tx, key, userId, now);
        if (!choice.discord) await unwant(tx, key, now);
        return choice;
      }),

    linkedWith: (accountId, userId, now) =>
      db.transaction().execute(async (tx) => {
        const other = await tx
          .updateTable("follower_holds")
          .set({ wanted: 0, account_id: null, due_at: now })
          .where("account_id", "=", accountId)
          .where("user_id", "!=", userId)
          .executeTakeFirst();
        const missing = await tx
          .selectFrom("preferences as p")
          .select(["p.guild_id", "p.broadcaster_id"])
          .where("p.account_id", "=", accountId)
          .where("p.guild_id", "!=", "here")
          .where("p.discord", "=", 1)
          .where(
            sql<SqlBool>`not exists (
              select 1 from follower_holds as h
              where h.guild_id = p.guild_id and h.broadcaster_id = p.broadcaster_id
                and h.user_id = ${userId} and h.account_id = ${accountId} and h.wanted = 1)`,
          )
          .execute();
        for (const row of missing) {
          await want(tx, { accountId, guildId: row.guild_id, broadcasterId: row.broadcaster_id }, userId, now);
        }
        return missing.length > 0 || other.numUpdatedRows > 0n;
      }),

    async quietHours(accountId) {
      const row = await db.selectFrom("quiet_hours").selectAll().where("account_id", "=", accountId).executeTakeFirst();
      return row === undefined ? null : { from: row.from_time, to: row.to_time, timeZone: row.time_zone };
    },

    async setQuietHours(accountId, hours) {
      if (hours === null) {
        await db.deleteFrom("quiet_hours").where("account_id", "=", accountId).execute();
        return;
      }
      const fresh = { from_time: hours.from, to_time: hours.to, time_zone: hours.timeZone };
      await db
        .insertInto("quiet_hours")
        .values({ account_id: accountId, ...fresh })
        .onConflict((conflict) => conflict.column("account_id").doUpdateSet(fresh))
        .execute();
    },

    async announcements(guildIds) {
      const found: Omit<ChoiceKey, "accountId">[] = [];
      for (let at = 0; at < guildIds.length; at += perStatement) {
        const rows = await db
          .selectFrom("guild_broadcasters")
          .select(["guild_id", "broadcaster_id"])
          .where("guild_id", "in", guildIds.slice(at, at + perStatement))
          .execute();
        found.push(...rows.map((row) => ({ guildId: row.guild_id, broadcasterId: row.broadcaster_id })));
      }
      return found;
    },
  };
}

const bit = (chosen: boolean) => (chosen ? 1 : 0);

function definedOf(change: { discord?: boolean | undefined; push?: boolean | undefined }): Partial<Choice> {
  const { discord, push } = change;
  return { ...(discord === undefined ? {} : { discord }), ...(push === undefined ? {} : { push }) };
}

async function want(tx: Tx, { accountId, guildId, broadcasterId }: ChoiceKey, userId: string, now: number) {
  if (guildId === "here") return;
  const fresh = { account_id: accountId, wanted: 1, due_at: now };
  await tx
    .insertInto("follower_holds")
    .values({
      guild_id: guildId,
      broadcaster_id: broadcasterId,
      user_id: userId,
      has: 0,
      lease_until: 0,
      fence: 0,
      attempts: 0,
      ...fresh,
    })
    .onConflict((conflict) => conflict.columns(["guild_id", "broadcaster_id", "user_id"]).doUpdateSet(fresh))
    .execute();
}

/** By the account, so that nothing is left to a role that was given under an earlier link. */
async function unwant(tx: Tx, { accountId, guildId, broadcasterId }: ChoiceKey, now: number) {
  await tx
    .updateTable("follower_holds")
    .set({ wanted: 0, due_at: now })
    .where("account_id", "=", accountId)
    .where("guild_id", "=", guildId)
    .where("broadcaster_id", "=", broadcasterId)
    .execute();
}
