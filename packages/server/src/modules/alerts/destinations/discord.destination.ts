import type { Clock } from "../../../platform/clock/clock.ts";
import { DiscordGone, DiscordNoAccess, DiscordTooManyEdits } from "../guilds/discord/discord.errors.ts";
import type { DiscordBot, DiscordMessage } from "../guilds/discord/discord.port.ts";
import { findMarked, marked, nonceOf } from "./discord.mark.ts";
import { discordOutcome } from "./discord.outcome.ts";
import type { Announcement, DestinationSender, SendOutcome, SendTarget } from "./sender.port.ts";

export interface DiscordDestinationDeps {
  /** Undefined: none is set up (any more). */
  bot: DiscordBot | undefined;
  clock: Clock;
  /** The bot may not be in a guild any more. */
  suspect: () => void;
}

/** Discord keeps a nonce "for a few minutes": within this time it is relied on alone. */
const NONCE_MS = 120_000;
/** Two clocks are never the same. */
const SKEW_MS = 60_000;
const NO_BOT: SendOutcome = { kind: "again", reason: "outage", status: null, retryAfterMs: 60_000 };

/**
 * Alerts in channels of Discord. A delivery is one message there: within some minutes by its nonce, and later because
 * the channel is looked through for it before it is posted again.
 */
export function createDiscordDestination({ bot, clock, suspect }: DiscordDestinationDeps): DestinationSender {
  let self: string | undefined;

  function messageOf(
    { guildId }: SendTarget,
    { message, test, mentionRoleId, deliveryId }: Announcement,
  ): DiscordMessage {
    // Everybody's role has the guild's id. It is refused when somebody chooses it; here nothing is taken for granted.
    const mentions = test || mentionRoleId === guildId ? null : mentionRoleId;
    return marked({ ...message, mentionRoleId: mentions }, nonceOf(deliveryId));
  }

  const done = ({ guildId, target }: SendTarget, messageId: string, status = 200): SendOutcome => ({
    kind: "done",
    externalId: messageId,
    url: `https://discord.com/channels/${guildId}/${target}/${messageId}`,
    status,
  });

  function failed(error: unknown): SendOutcome {
    if (error instanceof DiscordNoAccess || (error instanceof DiscordGone && error.what === "guild")) {
      suspect();
    }
    return discordOutcome(error);
  }

  /** The message of this delivery, if an earlier try got it there and its nonce may be forgotten by now. */
  async function earlier(using: DiscordBot, target: SendTarget, what: Announcement): Promise<string | undefined> {
    const { uncertainSince, deliveryId } = what;
    if (uncertainSince === null || clock.now() - uncertainSince < NONCE_MS) return undefined;
    self ??= (await using.self()).userId;
    const posted = await using.messagesAfter(target.target, uncertainSince - SKEW_MS);
    return findMarked(posted, self, nonceOf(deliveryId), what.message)?.messageId;
  }

  async function change(target: SendTarget, messageId: string, what: Announcement): Promise<SendOutcome> {
    if (bot === undefined) return NO_BOT;
    try {
      await bot.edit(target.target, messageId, messageOf(target, what));
      return done(target, messageId);
    } catch (error) {
      // Discord takes no more edits of an old message: it stays as it is, which is no failure of the alert.
      if (error instanceof DiscordTooManyEdits) return done(target, messageId, error.status ?? 429);
      // A moderator deleted it: that is how it should be, then.
      if (isDeleted(error)) return { kind: "done", externalId: null, url: null, status: error.status };
      return failed(error);
    }
  }

  return {
    kind: "discord",
    edits: true,

    async post(target, what) {
      if (bot === undefined) return NO_BOT;
      try {
        const found = await earlier(bot, target, what);
        if (found !== undefined) {
          const shown = await change(target, found, what);
          return shown.kind === "failed" ? done(target, found) : shown;
        }
        const { messageId } = await bot.post(target.target, messageOf(target, what), nonceOf(what.deliveryId));
        return done(target, messageId);
      } catch (error) {
        // The nonce led to a message that somebody has deleted meanwhile: it was there.
        if (isDeleted(error)) return { kind: "done", externalId: null, url: null, status: error.status };
        return failed(error);
      }
    },

    edit: (target, externalId, what) => change(target, externalId, what),

    async remove(target, externalId) {
      if (bot === undefined) return NO_BOT;
      try {
        await bot.remove(target.target, externalId);
        return { kind: "done", externalId: null, url: null, status: 204 };
      } catch (error) {
        if (isDeleted(error)) return { kind: "done", externalId: null, url: null, status: error.status };
        return failed(error);
      }
    },
  };
}

const isDeleted = (error: unknown): error is DiscordGone => error instanceof DiscordGone && error.what === "message";
