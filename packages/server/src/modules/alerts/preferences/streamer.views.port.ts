import type { Streamer } from "@foyer/protocol";

/** Streamers as they are shown. */
export interface StreamerViews {
  /** Whom any of these guilds announces, by name. */
  announcedBy(guildIds: readonly string[]): Promise<Streamer[]>;
}
