import type { Kysely } from "kysely";
import type { AlertsTables } from "../alerts.tables.ts";

/** Guilds in which followers are mentioned anywhere. */
export function followersMentioned(db: Kysely<AlertsTables>) {
  const choice = '%"followers"%';
  return db
    .selectFrom("guilds")
    .select("guilds.guild_id")
    .where("guilds.guild_id", "!=", "here")
    .where((eb) =>
      eb.or([
        eb("guilds.mention", "like", choice),
        eb.exists(
          eb
            .selectFrom("destinations")
            .select("destinations.destination_id")
            .whereRef("destinations.guild_id", "=", "guilds.guild_id")
            .where("destinations.removed_at", "is", null)
            .where("destinations.mention", "like", choice),
        ),
        eb.exists(
          eb
            .selectFrom("destinations")
            .innerJoin("overrides", "overrides.destination_id", "destinations.destination_id")
            .select("overrides.destination_id")
            .whereRef("destinations.guild_id", "=", "guilds.guild_id")
            .where("destinations.removed_at", "is", null)
            .where("overrides.mention", "like", choice),
        ),
      ]),
    );
}
