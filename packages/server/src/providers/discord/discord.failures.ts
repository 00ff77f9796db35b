import { DiscordAPIError, HTTPError, RateLimitError } from "@discordjs/rest";
import { RESTJSONErrorCodes as Codes } from "discord-api-types/v10";
import {
  DiscordAway,
  DiscordError,
  DiscordGone,
  DiscordLimited,
  DiscordNoAccess,
  DiscordNoPermission,
  DiscordRejected,
  DiscordTooManyEdits,
  DiscordTooManyRoles,
  DiscordUnauthorized,
  type GoneThing,
} from "../../modules/alerts/index.ts";

const gone: Record<number, GoneThing> = {
  [Codes.UnknownChannel]: "channel",
  [Codes.UnknownGuild]: "guild",
  [Codes.UnknownMember]: "member",
  [Codes.UnknownUser]: "member",
  [Codes.UnknownMessage]: "message",
  [Codes.UnknownRole]: "role",
};

/** Whatever came of a request, as one of the errors that the alerts know. */
export function discordFailure(error: unknown): DiscordError {
  if (error instanceof DiscordError) return error;
  if (error instanceof RateLimitError) return new DiscordLimited(Math.max(1, error.retryAfter), 429);
  if (error instanceof DiscordAPIError) return byCode(error.status, error.code);
  if (error instanceof HTTPError) return new DiscordAway(error.status);
  return new DiscordAway(null, error instanceof Error && /^(?:Timeout|Abort)Error$/.test(error.name));
}

function byCode(status: number, code: unknown): DiscordError {
  if (status === 401) return new DiscordUnauthorized();
  // What does not speak as Discord does is something on the way to it.
  if (typeof code !== "number") return new DiscordAway(status);
  const what = gone[code];
  if (what !== undefined) return new DiscordGone(what, status, code);
  if (code === Codes.MissingAccess) return new DiscordNoAccess(status);
  if (code === Codes.MissingPermissions) return new DiscordNoPermission(status);
  if (code === Codes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached) return new DiscordTooManyEdits(status);
  if (code === Codes.MaximumNumberOfGuildRolesReached) return new DiscordTooManyRoles(status);
  return new DiscordRejected(status, code);
}
