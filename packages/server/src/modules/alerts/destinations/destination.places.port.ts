import type { CreateDestinationBody, Streamer } from "@foyer/protocol";

/** What lies around destinations: channels, rooms, the internet, and whom a guild announces. */
export interface DestinationPlaces {
  /**
   * Looks whether a destination may be made, and how it is called where nobody gave it a name. Throws
   * `destination.target_invalid` for a channel of another guild or a room that is not there,
   * `destination.blocked_address` for a webhook that leads where it must not, and what Discord's part throws.
   */
  of(guildId: string, body: CreateDestinationBody): Promise<{ target: string; name: string }>;
  /** Streamers that a guild announces. */
  streamers(guildId: string): Promise<Streamer[]>;
}
