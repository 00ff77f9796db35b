import type { GuildChannel, GuildRole, MentionChoice } from "@foyer/protocol";

/**
 * What is in a Discord server, as the bot sees it now. Throws `alerts.not_configured` without a bot, `guild.bot_missing`
 * where the bot is not, `provider.unavailable`.
 */
export interface GuildDirectory {
  channels(guildId: string): Promise<GuildChannel[]>;
  roles(guildId: string): Promise<GuildRole[]>;
  /**
   * The channel, if it is one of this guild that takes messages. Undefined for every other: the id of a channel of
   * somebody else's server must lead nowhere.
   */
  channel(guildId: string, channelId: string): Promise<GuildChannel | undefined>;
  /** Throws `request.invalid` for a role that is not of this guild, for everybody's role, and for roles of `here`. */
  checkMention(guildId: string, mention: MentionChoice): Promise<void>;
}
