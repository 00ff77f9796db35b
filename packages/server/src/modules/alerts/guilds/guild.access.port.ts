import type { Caller } from "../../../platform/caller/caller.ts";

/** Who may do what in a guild: asked at every request. */
export interface GuildAccess {
  /**
   * Passes for somebody who may manage the guild: in Discord by its permissions (asked of Discord, kept for five
   * minutes), `here` for admins of this server. Throws `guild.forbidden` (recorded as a denial), `guild.not_found`,
   * `auth.required`, `link.sign_in_again`, `provider.unavailable`.
   */
  manage(caller: Caller, guildId: string): Promise<{ accountId: string; guildName: string }>;
  /** Guilds that the caller may manage, `here` included. Throws as `manage` does, but for `guild.*`. */
  managed(caller: Caller): Promise<string[]>;
  /** Guilds that the caller is in and Foyer knows, `here` included. */
  joined(caller: Caller): Promise<string[]>;
}
