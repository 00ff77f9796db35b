import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import { announce, ensureBroadcaster, GuildIsFull, namesOf, streamersOf } from "./broadcasters.rows.sql.ts";
import type { BroadcastersStore } from "./broadcasters.store.ts";

/** Broadcasters in SQLite or Postgres. */
export function createBroadcastersStore(database: Database): BroadcastersStore {
  const db = database.tables<AlertsTables>();

  const announced = (guildIds: readonly string[]) =>
    db
      .selectFrom("broadcasters")
      .selectAll()
      .where((where) =>
        where.exists(
          where
            .selectFrom("guild_broadcasters")
            .select("guild_broadcasters.guild_id")
            .whereRef("guild_broadcasters.broadcaster_id", "=", "broadcasters.broadcaster_id")
            .where("guild_broadcasters.guild_id", "in", guildIds),
        ),
      );

  return {
    async add(guildId, addition) {
      try {
        return await db.transaction().execute(async (tx) => {
          const broadcasterId = await ensureBroadcaster(tx, addition);
          const by = addition.addedByAccount;
          const isNew = await announce(database, tx, guildId, { ...addition, broadcasterId, by });
          return { result: isNew ? "added" : "known", broadcasterId } as const;
        });
      } catch (error) {
        if (error instanceof GuildIsFull) return { result: "full" };
        throw error;
      }
    },

    async remove(guildId, broadcasterId) {
      const done = await db
        .deleteFrom("guild_broadcasters")
        .where("guild_id", "=", guildId)
        .where("broadcaster_id", "=", broadcasterId)
        .executeTakeFirst();
      return done.numDeletedRows > 0n;
    },

    async announcedBy(guildIds) {
      if (guildIds.length === 0) return [];
      return streamersOf(db, await announced(guildIds).orderBy("login").execute());
    },

    async find(guildIds, broadcasterId) {
      if (guildIds.length === 0) return undefined;
      const [found] = await streamersOf(
        db,
        await announced(guildIds).where("broadcasters.broadcaster_id", "=", broadcasterId).execute(),
      );
      return found;
    },

    rename: (users) =>
      db.transaction().execute(async (tx) => {
        const changed: string[] = [];
        for (const user of users) {
          const names = namesOf(user);
          const row = await tx
            .updateTable("broadcasters")
            .set(names)
            .where("twitch_id", "=", user.twitchId)
            .where((where) =>
              where.or([
                where("login", "!=", names.login),
                where("display_name", "!=", names.display_name),
                where("avatar_url", "is distinct from", names.avatar_url),
              ]),
            )
            .returning("broadcaster_id")
            .executeTakeFirst();
          if (row !== undefined) changed.push(row.broadcaster_id);
        }
        return changed;
      }),
  };
}
