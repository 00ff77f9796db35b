import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { AnnouncingRoom } from "./live.rooms.ts";

/** Rooms that anybody announces somebody in, as they are kept. */
export function createAnnouncingRooms(database: Database): () => Promise<AnnouncingRoom[]> {
  const db = database.tables<AlertsTables>();
  return async () => {
    const rooms = await db
      .selectFrom("destinations")
      .select(["destination_id", "target", "guild_id"])
      .where("kind", "=", "room")
      .where("enabled", "=", 1)
      .where("removed_at", "is", null)
      .execute();
    if (rooms.length === 0) return [];
    const silenced = await db
      .selectFrom("overrides")
      .select(["destination_id", "broadcaster_id"])
      .where("enabled", "=", 0)
      .where(
        "destination_id",
        "in",
        rooms.map((room) => room.destination_id),
      )
      .execute();
    return rooms.map((room) => ({
      roomId: room.target,
      guildId: room.guild_id,
      silentAbout: new Set(
        silenced.filter((each) => each.destination_id === room.destination_id).map((each) => each.broadcaster_id),
      ),
    }));
  };
}
