import {
  DiscordAway,
  DiscordError,
  DiscordGone,
  DiscordLimited,
  DiscordNoAccess,
  DiscordNoPermission,
  DiscordUnauthorized,
} from "../guilds/discord/discord.errors.ts";
import type { SendOutcome } from "./sender.port.ts";

/** A token that is refused is for the operator to mend: nobody's destination is switched off for it. */
const TOKEN_PAUSE_MS = 60_000;

/** What a failure at Discord means for a delivery. Rethrows what is none of Discord's. */
export function discordOutcome(error: unknown): SendOutcome {
  if (!(error instanceof DiscordError)) throw error;
  const { status } = error;
  if (error instanceof DiscordLimited) {
    return { kind: "again", reason: "rate_limited", status, retryAfterMs: error.retryAfterMs };
  }
  if (error instanceof DiscordAway) return { kind: "again", reason: error.timedOut ? "timeout" : "outage", status };
  if (error instanceof DiscordUnauthorized) {
    return { kind: "again", reason: "permission", status, retryAfterMs: TOKEN_PAUSE_MS };
  }
  if (error instanceof DiscordNoAccess) return { kind: "failed", reason: "permission", status, off: "no_access" };
  if (error instanceof DiscordNoPermission) {
    return { kind: "failed", reason: "permission", status, off: "no_permission" };
  }
  if (error instanceof DiscordGone && error.what === "channel") {
    return { kind: "failed", reason: "gone", status, off: "channel_gone" };
  }
  if (error instanceof DiscordGone && error.what === "guild") {
    return { kind: "failed", reason: "gone", status, off: "bot_removed" };
  }
  if (error instanceof DiscordGone) return { kind: "failed", reason: "gone", status };
  return { kind: "failed", reason: "rejected", status };
}
