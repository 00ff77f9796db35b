import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { PersonalStore } from "./personal.data.store.ts";

/** What alerts keep about people, in SQLite or Postgres. */
export function createPersonalStore(database: Database): PersonalStore {
  const db = database.tables<AlertsTables>();
  return {
    async read(accountId) {
      const [preferences, quiet, devices, broadcasters, destinations] = await Promise.all([
        db.selectFrom("preferences").selectAll().where("account_id", "=", accountId).execute(),
        db.selectFrom("quiet_hours").selectAll().where("account_id", "=", accountId).executeTakeFirst(),
        db
          .selectFrom("push_devices")
          .select(["push_id", "name", "created_at"])
          .where("account_id", "=", accountId)
          .execute(),
        db.selectFrom("broadcasters").selectAll().where("account_id", "=", accountId).execute(),
        db.selectFrom("destinations").selectAll().where("created_by", "=", accountId).execute(),
      ]);
      return {
        preferences: preferences.map((row) => ({
          guildId: row.guild_id,
          streamerId: row.broadcaster_id,
          discord: row.discord === 1,
          push: row.push === 1,
          changedAt: row.changed_at,
        })),
        quietHours: quiet && { from: quiet.from_time, to: quiet.to_time, timeZone: quiet.time_zone },
        devices: devices.map((row) => ({ pushId: row.push_id, name: row.name, createdAt: row.created_at })),
        broadcasters: broadcasters.map((row) => ({
          streamerId: row.broadcaster_id,
          login: row.login,
          displayName: row.display_name,
        })),
        destinations: destinations.map((row) => ({
          destinationId: row.destination_id,
          guildId: row.guild_id,
          name: row.name,
          createdAt: row.created_at,
        })),
      };
    },

    erase: (accountId) =>
      db.transaction().execute(async (tx) => {
        await tx.deleteFrom("preferences").where("account_id", "=", accountId).execute();
        await tx.deleteFrom("quiet_hours").where("account_id", "=", accountId).execute();
        await tx.deleteFrom("push_devices").where("account_id", "=", accountId).execute();
        await tx.updateTable("broadcasters").set({ account_id: null }).where("account_id", "=", accountId).execute();
        await tx
          .updateTable("guild_broadcasters")
          .set({ added_by_account: null })
          .where("added_by_account", "=", accountId)
          .execute();
        await tx.updateTable("destinations").set({ created_by: "" }).where("created_by", "=", accountId).execute();
        await tx
          .updateTable("broadcaster_invites")
          .set({ created_by: "" })
          .where("created_by", "=", accountId)
          .execute();
      }),
  };
}
