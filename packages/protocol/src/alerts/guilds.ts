import { z } from "zod";
import { id, time } from "../values.ts";
import { alertTemplate, endAction, mentionChoice } from "./templates.ts";

/** An id of Discord: digits. */
export const snowflake = z.string().regex(/^\d{15,21}$/, "is not an id of Discord");

/**
 * Whose alerts: a Discord server by its id, or `here`: this server itself, with its rooms, phones and webhooks, which
 * its admins manage.
 */
export const guildId = z.union([z.literal("here"), snowflake], { error: "is neither an id of Discord nor `here`" });

/** A Discord server (or `here`) where the caller may manage alerts. */
export const guild = z.object({
  guildId,
  name: z.string(),
  iconUrl: z.string().nullable(),
  /** False: the bot is not there (yet), or was removed. Always true for `here`. */
  botInstalled: z.boolean(),
  /**
   * The address that adds the bot with the least permissions: managing roles is among them only where followers are
   * mentioned. Opened again it gives the bot what it lacks. Null for `here`, and where no bot is set up.
   */
  installUrl: z.string().nullable(),
});
export type Guild = z.infer<typeof guild>;

/** What holds for all alerts of a guild unless a destination says otherwise. */
export const guildConfig = z.object({
  endAction,
  mention: mentionChoice,
  /** A stream that begins within so many minutes after one has ended continues its alert. */
  reannounceMinutes: z.number().int(),
  /** Edits of one alert by changes of title or game: at most so many for one stream. */
  maxEdits: z.number().int(),
});
export type GuildConfig = z.infer<typeof guildConfig>;

/** The same as it is shown, with the template. */
export const guildConfigView = guildConfig.extend({
  template: alertTemplate,
  /**
   * Why the roles for `mention: followers` cannot be kept now, so that those alerts mention nobody. `no_permission`: the
   * bot may not manage roles; the guild's `installUrl` asks for it. `too_many_roles`: Discord's most are there already.
   */
  followerRoleProblem: z.enum(["no_permission", "too_many_roles"]).nullable(),
});
export type GuildConfigView = z.infer<typeof guildConfigView>;

export const updateGuildConfigBody = z.strictObject({
  endAction: endAction.optional(),
  mention: mentionChoice.optional(),
  reannounceMinutes: z.number().int().min(0).max(120).optional(),
  maxEdits: z.number().int().min(0).max(100).optional(),
});

/** A channel that a bot may post to. `missing`: permissions that the bot lacks there, in Discord's words. */
export const guildChannel = z.object({
  channelId: snowflake,
  name: z.string(),
  kind: z.enum(["text", "announcement"]),
  category: z.string().nullable(),
  missing: z.array(z.string()),
});
export type GuildChannel = z.infer<typeof guildChannel>;

/** A role of a Discord server. `manageable`: stands below the bot's own, so that Foyer could give and take it. */
export const guildRole = z.object({
  roleId: snowflake,
  name: z.string(),
  color: z.number().int(),
  mentionable: z.boolean(),
  manageable: z.boolean(),
});
export type GuildRole = z.infer<typeof guildRole>;

/** What is set up and works now: for the first-run guide, which asks again and again. */
export const alertsStatus = z.object({
  twitch: z.object({
    configured: z.boolean(),
    transport: z.enum(["webhook", "conduit"]).nullable(),
    /** `ok`: events can arrive. `connecting`: not yet. `failing`: see `problem`. `off`: not configured. */
    state: z.enum(["off", "connecting", "ok", "failing"]),
    problem: z.string().nullable(),
    eventSubSubscriptions: z.number().int(),
  }),
  discord: z.object({
    configured: z.boolean(),
    /** True when Discord takes the bot's token. */
    botWorks: z.boolean(),
    botName: z.string().nullable(),
    problem: z.string().nullable(),
  }),
  /** The caller's own links. */
  linked: z.object({ twitch: z.boolean(), discord: z.boolean() }),
});
export type AlertsStatus = z.infer<typeof alertsStatus>;

/** A broadcaster on Twitch. `live` is null when they are not. */
export const streamer = z.object({
  streamerId: id,
  login: z.string(),
  displayName: z.string(),
  avatarUrl: z.string().nullable(),
  /** How they came: by signing in with Twitch through an invite, or by name. */
  addedBy: z.enum(["invite", "name"]),
  live: z
    .object({
      title: z.string(),
      game: z.string(),
      viewers: z.number().int().nullable(),
      startedAt: time,
      url: z.string(),
    })
    .nullable(),
  /** Whether Twitch tells about them: `ok`, or what is wrong. */
  hearing: z.enum(["ok", "waiting", "failing"]),
});
export type Streamer = z.infer<typeof streamer>;

/** By name or address of their Twitch channel. */
export const addStreamerBody = z.strictObject({ login: z.string().trim().min(1).max(100) });

/** `token` is told once; it is part of the link `/streamers/invite/{token}`. `maxUses` 0: any number. */
export const streamerInvite = z.object({
  inviteId: id,
  guildId,
  token: z.string().optional(),
  url: z.string().optional(),
  uses: z.number().int(),
  maxUses: z.number().int(),
  expiresAt: time,
  createdAt: time,
});
export type StreamerInvite = z.infer<typeof streamerInvite>;

export const createStreamerInviteBody = z.strictObject({
  expiresInHours: z.number().int().min(1).max(720).default(168),
  maxUses: z.number().int().min(0).max(1000).default(1),
});

/** What an invite leads to. `twitchLinked`: the caller is signed in and has a working link to Twitch. */
export const streamerInvitePreview = z.object({
  guildName: z.string(),
  guildIconUrl: z.string().nullable(),
  expiresAt: time,
  twitchLinked: z.boolean(),
  twitchName: z.string().nullable(),
});
export type StreamerInvitePreview = z.infer<typeof streamerInvitePreview>;
