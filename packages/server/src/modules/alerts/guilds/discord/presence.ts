import type { Logger } from "pino";
import type { Clock } from "../../../../platform/clock/clock.ts";
import type { GuildsStore } from "../guilds.store.ts";
import { DiscordError } from "./discord.errors.ts";
import type { DiscordBot } from "./discord.port.ts";

export interface PresenceDeps {
  bot: DiscordBot | undefined;
  store: GuildsStore;
  clock: Clock;
  log: Logger;
  /** The bot came to these guilds, or left them, and what follows from it was done. */
  changed: (guildIds: readonly string[]) => void;
}

/** Where the bot is. */
export interface Presence {
  /** Asked of Discord, or some seconds ago; where it cannot be asked, what was known last. */
  has(guildId: string): Promise<boolean>;
  /** Looks whether the bot has come to a guild, without being waited for. */
  notice(guildId: string): void;
  /** Something hints that the bot is not where it was: looks at once, without being waited for. */
  look(): void;
  /** Asks Discord where the bot is, and sees to what has changed. Throws `DiscordError`. */
  reconcile(): Promise<void>;
  /** Waits for looks that are under way. */
  settled(): Promise<void>;
}

/** A person who has just added the bot looks at a page that asks again and again. */
const ABSENT_MS = 3_000;
const PRESENT_MS = 15_000;

export function createPresence({ bot, store, clock, log, changed }: PresenceDeps): Presence {
  let last: { at: number; guildIds: ReadonlySet<string> } | undefined;
  let asking: Promise<ReadonlySet<string>> | undefined;
  let looking: Promise<void> | undefined;

  /** One list instead of a question for each guild: a question about a foreign one counts as a refusal. */
  function ask(from: DiscordBot): Promise<ReadonlySet<string>> {
    asking ??= from
      .guilds()
      .then((guilds) => {
        last = { at: clock.now(), guildIds: new Set(guilds.map(({ guildId }) => guildId)) };
        return last.guildIds;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  }

  function recent(guildId: string): boolean | undefined {
    if (last === undefined) return undefined;
    const isThere = last.guildIds.has(guildId);
    const age = clock.now() - last.at;
    return age >= 0 && age < (isThere ? PRESENT_MS : ABSENT_MS) ? isThere : undefined;
  }

  async function compare(from: DiscordBot): Promise<void> {
    const there = await ask(from);
    const news: string[] = [];
    for (const { guildId, botInstalled } of await store.presence()) {
      const isThere = there.has(guildId);
      if (isThere === botInstalled) continue;
      // A list that came out short must not switch anybody's alerts off.
      if (!isThere && (await from.isIn(guildId))) continue;
      const isNew = isThere ? await store.arrived(guildId, clock.now()) : await store.left(guildId, clock.now());
      if (!isNew) continue;
      news.push(guildId);
      log.info({ action: isThere ? "guild.arrived" : "guild.left" }, "The bot came to a Discord server, or left one");
    }
    if (news.length > 0) changed(news);
  }

  function unasked(error: unknown): void {
    // The job looks again soon.
    log.warn({ reason: error instanceof Error ? error.name : "unknown" }, "Discord could not be asked for servers");
  }

  async function has(guildId: string): Promise<boolean> {
    if (guildId === "here") return true;
    if (bot === undefined) return false;
    const known = recent(guildId);
    if (known !== undefined) return known;
    try {
      return (await ask(bot)).has(guildId);
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      return (await store.find(guildId))?.botInstalled ?? false;
    }
  }

  async function arrived(guildId: string): Promise<void> {
    if ((await has(guildId)) && (await store.arrived(guildId, clock.now()))) changed([guildId]);
  }

  async function reconcile(): Promise<void> {
    if (bot === undefined) return;
    looking ??= compare(bot).finally(() => {
      looking = undefined;
    });
    await looking;
  }

  return {
    has,
    notice(guildId) {
      arrived(guildId).catch(unasked);
    },
    look() {
      last = undefined;
      reconcile().catch(unasked);
    },
    reconcile,
    async settled() {
      await looking?.catch(() => undefined);
    },
  };
}
