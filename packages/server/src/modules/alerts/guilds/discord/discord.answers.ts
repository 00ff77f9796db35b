import { AppError } from "../../../../platform/errors/app.error.ts";
import { DiscordError, DiscordGone, DiscordLimited, DiscordNoAccess } from "./discord.errors.ts";

/** Discord cannot be asked, now or as Foyer is set up. */
export function discordUnavailable(error: DiscordError): AppError {
  const retryAfter = error instanceof DiscordLimited ? Math.max(1, Math.ceil(error.retryAfterMs / 1000)) : 10;
  const answer = new AppError("provider.unavailable", "Discord does not answer at the moment.", { retryAfter });
  answer.cause = error;
  return answer;
}

/** Whether the bot is not in a guild (any more), as far as an error tells: the one code stands for less, too. */
export function hintsAtRemoval(error: unknown): boolean {
  return error instanceof DiscordNoAccess || (error instanceof DiscordGone && error.what === "guild");
}

/** What a person is told when the bot could not see to something in their guild. Rethrows what is none of Discord's. */
export function guildAnswer(error: unknown): AppError {
  if (!(error instanceof DiscordError)) throw error;
  return hintsAtRemoval(error) ? botMissing() : discordUnavailable(error);
}

/** The bot is not in the guild. */
export const botMissing = () => new AppError("guild.bot_missing", "Foyer's bot is not in this Discord server.");

/** No bot, or nothing of Discord, is set up. */
export const notConfigured = () => new AppError("alerts.not_configured", "Discord is not set up on this server.");
