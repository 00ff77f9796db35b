import type { AlertsStatus } from "@foyer/protocol";
import type { Clock } from "../../../../platform/clock/clock.ts";
import { DiscordError, DiscordUnauthorized } from "./discord.errors.ts";
import type { DiscordBot } from "./discord.port.ts";

/** A page that waits for something to be mended asks every few seconds. */
const KEEP_MS = 10_000;

/** Whether the bot works now, asked of Discord at most every few seconds. */
export function createDiscordStatus(bot: DiscordBot | undefined, clock: Clock): () => Promise<AlertsStatus["discord"]> {
  let last: { until: number; answer: Promise<AlertsStatus["discord"]> } | undefined;

  async function ask(from: DiscordBot): Promise<AlertsStatus["discord"]> {
    try {
      const { name } = await from.self();
      return { configured: true, botWorks: true, botName: name, problem: null };
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      const problem =
        error instanceof DiscordUnauthorized
          ? "Discord does not take the bot's token: set DISCORD_BOT_TOKEN to the one of the application's bot."
          : "Discord does not answer at the moment.";
      return { configured: true, botWorks: false, botName: null, problem };
    }
  }

  return async () => {
    if (bot === undefined) {
      return {
        configured: false,
        botWorks: false,
        botName: null,
        problem: "Set DISCORD_BOT_TOKEN to post to Discord.",
      };
    }
    if (last === undefined || last.until <= clock.now()) last = { until: clock.now() + KEEP_MS, answer: ask(bot) };
    return last.answer;
  };
}
