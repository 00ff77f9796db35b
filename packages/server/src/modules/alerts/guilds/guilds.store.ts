import type { AlertTemplate, GuildConfig } from "@foyer/protocol";
import type { DiscordGuild } from "./discord/discord.port.ts";

/** A guild as it is kept. What is null is as the defaults say. */
export interface GuildRecord extends DiscordGuild {
  botInstalled: boolean;
  template: AlertTemplate | null;
  config: { [K in keyof GuildConfig]: GuildConfig[K] | null };
  createdAt: number;
  /** When the bot was found to be gone, in milliseconds since 1970. */
  removedAt: number | null;
}

/** What is to change; what is undefined stays. */
export type GuildChange = { [K in keyof GuildConfig]?: GuildConfig[K] | undefined } & {
  /** Null: Foyer's own again. */
  template?: AlertTemplate | null | undefined;
};

/** Store of guilds. Each operation is one transaction. */
export interface GuildsStore {
  find(guildId: string): Promise<GuildRecord | undefined>;
  /** Those of them that are known. */
  known(guildIds: readonly string[]): Promise<GuildRecord[]>;
  /** All of Discord's, with whether the bot was there when last looked. */
  presence(): Promise<{ guildId: string; botInstalled: boolean }[]>;
  /** Makes a guild known, or notes how it is called now. */
  ensure(guild: DiscordGuild, now: number): Promise<void>;
  /** The bot is there: what was switched off because it was not is switched on again. False: that was known. */
  arrived(guildId: string, now: number): Promise<boolean>;
  /** The bot is not there any more: its destinations in Discord are switched off. False: that was known. */
  left(guildId: string, now: number): Promise<boolean>;
  /** False: there is no such guild. */
  change(guildId: string, change: GuildChange): Promise<boolean>;
  /** Whether followers are mentioned anywhere in these guilds: by the guild, a destination or an override. */
  mentioningFollowers(guildIds: readonly string[]): Promise<Set<string>>;
  /** Guilds that the bot left before a time, in milliseconds since 1970. */
  leftBefore(time: number): Promise<string[]>;
  /** Erases a guild and everything that was set up for it, but the roles in Discord that are still to be deleted. */
  erase(guildId: string, now: number): Promise<void>;
}
