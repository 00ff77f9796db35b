import type { GuildChannel, GuildRole } from "@foyer/protocol";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { guildAnswer, hintsAtRemoval, notConfigured } from "./discord/discord.answers.ts";
import type { DiscordBot } from "./discord/discord.port.ts";
import type { GuildDirectory } from "./guild.directory.port.ts";

export interface GuildDirectoryDeps {
  bot: DiscordBot | undefined;
  clock: Clock;
  /** The bot may not be in a guild any more. */
  suspect: () => void;
}

/** A page asks for channels and roles together, and again at each step: for so long it is one question. */
const KEEP_MS = 2_000;
const MOST = 1_000;

/** Channels and roles as the bot sees them. `here` has none. */
export function createGuildDirectory({ bot, clock, suspect }: GuildDirectoryDeps): GuildDirectory {
  const channels = recent<GuildChannel[]>(clock);
  const roles = recent<GuildRole[]>(clock);

  async function ask<T>(look: (from: DiscordBot) => Promise<T>): Promise<T> {
    if (bot === undefined) throw notConfigured();
    try {
      return await look(bot);
    } catch (error) {
      if (hintsAtRemoval(error)) suspect();
      throw guildAnswer(error);
    }
  }

  const directory: GuildDirectory = {
    async channels(guildId) {
      if (guildId === "here") return [];
      return channels.get(guildId, () => ask((from) => from.channels(guildId)));
    },
    async roles(guildId) {
      if (guildId === "here") return [];
      return roles.get(guildId, () => ask((from) => from.roles(guildId)));
    },
    async channel(guildId, channelId) {
      return (await directory.channels(guildId)).find((each) => each.channelId === channelId);
    },
    async checkMention(guildId, mention) {
      if (mention.kind === "nobody") return;
      if (guildId === "here") throw invalid("Only in Discord somebody can be mentioned.");
      if (mention.kind === "followers") return;
      const found = (await directory.roles(guildId)).some(({ roleId }) => roleId === mention.roleId);
      if (!found) throw invalid("There is no such role on this Discord server.");
    },
  };
  return directory;
}

const invalid = (message: string) =>
  new AppError("request.invalid", message, { fields: [{ path: "mention", message }] });

/** Answers of the last moments, and those that are on their way. */
function recent<T>(clock: Clock) {
  const known = new Map<string, { until: number; answer: Promise<T> }>();
  return {
    get(key: string, ask: () => Promise<T>): Promise<T> {
      const held = known.get(key);
      if (held !== undefined && held.until > clock.now()) return held.answer;
      if (known.size >= MOST) known.clear();
      const fresh = { until: clock.now() + KEEP_MS, answer: ask() };
      known.set(key, fresh);
      fresh.answer.catch(() => {
        if (known.get(key) === fresh) known.delete(key);
      });
      return fresh.answer;
    },
  };
}
