import { z } from "zod";
import type { Endpoint } from "../endpoints.ts";
import { id } from "../values.ts";
import { analytics, delivery, deliveryDetail, deliveryState } from "./deliveries.ts";
import {
  createDestinationBody,
  createdDestination,
  destination,
  previewBody,
  setOverrideBody,
  streamerOverride,
  testResult,
  updateDestinationBody,
} from "./destinations.ts";
import {
  addStreamerBody,
  alertsStatus,
  createStreamerInviteBody,
  guild,
  guildChannel,
  guildConfigView,
  guildId,
  guildRole,
  streamer,
  streamerInvite,
  streamerInvitePreview,
  updateGuildConfigBody,
} from "./guilds.ts";
import {
  liveRoom,
  preference,
  preferences,
  pushDevice,
  pushSubscriptionBody,
  setPreferenceBody,
  setQuietHoursBody,
} from "./preferences.ts";
import { alertRoutes } from "./routes.ts";
import { alertTemplate, templatePreview } from "./templates.ts";

const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() });
const inGuild = z.object({ guildId });
const ofStreamer = z.object({ guildId, streamerId: id });
const ofDestination = z.object({ guildId, destinationId: id });
const ofDelivery = z.object({ guildId, deliveryId: id });
const byToken = z.object({ token: z.string().max(128) });
const tag = "alerts";
const managed = { tag, auth: "account", limit: "management" } as const;

/** HTTP operations of the alerts. Who manages a guild is asked of Discord; `here` is for admins of this server. */
export const alertEndpoints = {
  alertsStatus: {
    ...alertRoutes.alertsStatus,
    tag,
    summary: "What is set up for alerts, and works now",
    auth: "account",
    response: alertsStatus,
  },
  listLive: {
    ...alertRoutes.listLive,
    tag,
    summary: "Who is live now, by the rooms that announce it",
    auth: "none",
    response: list(liveRoom),
  },

  listGuilds: {
    ...alertRoutes.listGuilds,
    ...managed,
    summary: "Discord servers where one may manage alerts, and this server itself",
    response: list(guild),
  },
  getGuild: { ...alertRoutes.getGuild, ...managed, summary: "One of them", params: inGuild, response: guild },
  forgetGuild: {
    ...alertRoutes.forgetGuild,
    ...managed,
    summary: "Forget a Discord server and all that was set up for it",
    params: inGuild,
  },
  listChannels: {
    ...alertRoutes.listChannels,
    ...managed,
    summary: "Channels, and what the bot may not do there",
    params: inGuild,
    response: list(guildChannel),
  },
  listRoles: { ...alertRoutes.listRoles, ...managed, summary: "Roles", params: inGuild, response: list(guildRole) },
  getGuildConfig: {
    ...alertRoutes.getGuildConfig,
    ...managed,
    summary: "What holds for all alerts of a guild",
    params: inGuild,
    response: guildConfigView,
  },
  updateGuildConfig: {
    ...alertRoutes.updateGuildConfig,
    ...managed,
    summary: "Change it",
    params: inGuild,
    body: updateGuildConfigBody.extend({ template: alertTemplate.nullable().optional() }),
    response: guildConfigView,
  },

  listGuildStreamers: {
    ...alertRoutes.listGuildStreamers,
    ...managed,
    summary: "Streamers that a guild announces",
    params: inGuild,
    response: list(streamer),
  },
  addGuildStreamer: {
    ...alertRoutes.addGuildStreamer,
    ...managed,
    summary: "Announce a streamer, by name",
    params: inGuild,
    body: addStreamerBody,
    response: streamer,
  },
  removeGuildStreamer: {
    ...alertRoutes.removeGuildStreamer,
    ...managed,
    summary: "Announce a streamer no longer",
    params: ofStreamer,
  },
  listStreamerInvites: {
    ...alertRoutes.listStreamerInvites,
    ...managed,
    summary: "Invite links for streamers that still work",
    params: inGuild,
    response: list(streamerInvite),
  },
  createStreamerInvite: {
    ...alertRoutes.createStreamerInvite,
    ...managed,
    summary: "Make an invite link for streamers",
    params: inGuild,
    body: createStreamerInviteBody,
    response: streamerInvite,
  },
  revokeStreamerInvite: {
    ...alertRoutes.revokeStreamerInvite,
    ...managed,
    summary: "Revoke an invite link",
    params: z.object({ guildId, inviteId: id }),
  },
  getStreamerInvite: {
    ...alertRoutes.getStreamerInvite,
    limit: "management",
    tag,
    summary: "What an invite for streamers leads to",
    auth: "none",
    params: byToken,
    response: streamerInvitePreview,
  },
  acceptStreamerInvite: {
    ...alertRoutes.acceptStreamerInvite,
    ...managed,
    summary: "Be announced, as the Twitch account that one has linked",
    params: byToken,
    response: streamer,
  },
  listStreamers: {
    ...alertRoutes.listStreamers,
    ...managed,
    summary: "Streamers of all guilds that one manages",
    response: list(streamer),
  },
  getStreamer: {
    ...alertRoutes.getStreamer,
    ...managed,
    summary: "One of them",
    params: z.object({ streamerId: id }),
    response: streamer,
  },

  listDestinations: {
    ...alertRoutes.listDestinations,
    ...managed,
    summary: "Where alerts of a guild go",
    params: inGuild,
    response: list(destination),
  },
  createDestination: {
    ...alertRoutes.createDestination,
    ...managed,
    summary: "Add a destination",
    params: inGuild,
    body: createDestinationBody,
    response: createdDestination,
  },
  updateDestination: {
    ...alertRoutes.updateDestination,
    ...managed,
    summary: "Change a destination, its template, or switch it on and off",
    params: ofDestination,
    body: updateDestinationBody,
    response: destination,
  },
  deleteDestination: {
    ...alertRoutes.deleteDestination,
    ...managed,
    summary: "Remove a destination",
    params: ofDestination,
  },
  testDestination: {
    ...alertRoutes.testDestination,
    ...managed,
    summary: "Send a test, which mentions nobody",
    params: ofDestination,
    response: testResult,
  },
  listOverrides: {
    ...alertRoutes.listOverrides,
    ...managed,
    summary: "What a destination does for each streamer",
    params: ofDestination,
    response: list(streamerOverride),
  },
  setOverride: {
    ...alertRoutes.setOverride,
    ...managed,
    summary: "Change what a destination does for one streamer",
    params: z.object({ guildId, destinationId: id, streamerId: id }),
    body: setOverrideBody,
    response: streamerOverride,
  },
  previewAlert: {
    ...alertRoutes.previewAlert,
    tag,
    summary: "Show a template as it would look",
    auth: "account",
    params: inGuild,
    body: previewBody,
    response: templatePreview,
  },

  listDeliveries: {
    ...alertRoutes.listDeliveries,
    tag,
    summary: "Deliveries, newest first",
    auth: "account",
    params: inGuild,
    query: z.object({
      state: deliveryState.optional(),
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    response: list(delivery),
  },
  getDelivery: {
    ...alertRoutes.getDelivery,
    tag,
    summary: "One delivery with all its tries",
    auth: "account",
    params: ofDelivery,
    response: deliveryDetail,
  },
  retryDelivery: {
    ...alertRoutes.retryDelivery,
    ...managed,
    summary: "Try a failed delivery again",
    params: ofDelivery,
    response: delivery,
  },
  getAnalytics: {
    ...alertRoutes.getAnalytics,
    tag,
    summary: "Alerts sent, latency and failures",
    auth: "account",
    params: inGuild,
    query: z.object({ days: z.coerce.number().int().min(1).max(90).default(30) }),
    response: analytics,
  },

  getPreferences: {
    ...alertRoutes.getPreferences,
    ...managed,
    summary: "How one wants to hear of streamers",
    response: preferences,
  },
  setQuietHours: {
    ...alertRoutes.setQuietHours,
    ...managed,
    summary: "When one's phones stay silent",
    body: setQuietHoursBody,
    response: preferences,
  },
  setPreference: {
    ...alertRoutes.setPreference,
    ...managed,
    summary: "How one wants to hear of one streamer of one guild",
    params: ofStreamer,
    body: setPreferenceBody,
    response: preference,
  },
  getPushKey: {
    ...alertRoutes.getPushKey,
    tag,
    summary: "Key that browsers need to subscribe to push",
    auth: "account",
    response: z.object({ publicKey: z.string() }),
  },
  listPushDevices: {
    ...alertRoutes.listPushDevices,
    tag,
    summary: "Phones and browsers that get push",
    auth: "account",
    response: list(pushDevice),
  },
  addPushDevice: {
    ...alertRoutes.addPushDevice,
    tag,
    summary: "Push to this browser",
    auth: "account",
    body: pushSubscriptionBody,
    response: pushDevice,
  },
  removePushDevice: {
    ...alertRoutes.removePushDevice,
    tag,
    summary: "No more push to a device",
    auth: "account",
    params: z.object({ pushId: id }),
  },
} as const satisfies Record<string, Endpoint>;
