import type { Insertable } from "kysely";
import type { AlertsTables } from "../../src/modules/alerts/alerts.tables.ts";
import type { Database } from "../../src/platform/db/database.ts";

/** Puts a guild and a broadcaster there, as far as they are not yet, and has the guild announce the broadcaster. */
export async function announce(
  database: Database,
  { guildId, broadcasterId, twitchId }: { guildId: string; broadcasterId: string; twitchId: string },
): Promise<void> {
  const db = database.tables<AlertsTables>();
  await db
    .insertInto("guilds")
    .values({ guild_id: guildId, name: guildId, bot_installed: 1, created_at: 1000 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const login = `user_${twitchId}`;
  await db
    .insertInto("broadcasters")
    .values({
      broadcaster_id: broadcasterId,
      twitch_id: twitchId,
      login,
      display_name: login,
      added_by: "name",
      created_at: 1000,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto("guild_broadcasters")
    .values({ guild_id: guildId, broadcaster_id: broadcasterId, created_at: 1000 })
    .execute();
}

/** A stream of a broadcaster that is live since 1000, with some of its columns exchanged. */
export function streamRow(
  broadcasterId: string,
  twitchStreamId: string,
  over: Partial<Insertable<AlertsTables["streams"]>> = {},
): Insertable<AlertsTables["streams"]> {
  return {
    stream_id: `stream-${broadcasterId}-${twitchStreamId}`,
    broadcaster_id: broadcasterId,
    twitch_stream_id: twitchStreamId,
    state: "live",
    revision: 1,
    title: "",
    game: "",
    language: "",
    tags: "[]",
    started_at: 1000,
    online_at: 1000,
    seen_at: 0,
    heard_at: 1000,
    checked_at: 1000,
    known_at: "{}",
    ...over,
  };
}
