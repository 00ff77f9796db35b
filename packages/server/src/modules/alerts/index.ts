import type { DestinationKind } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Audit } from "../../platform/audit/audit.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Caller } from "../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../platform/clock/clock.ts";
import type { Database } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { SecurityMonitor } from "../../platform/security/security.monitor.ts";
import type { SealedShelf } from "../../platform/vault/sealed.shelf.ts";
import type { Vault } from "../../platform/vault/vault.ts";
import type { HttpFace } from "../../transports/http/http.face.ts";
import { deviceName } from "../identity/index.ts";
import { createBroadcasterParts } from "./broadcasters/broadcaster.parts.ts";
import { mountBroadcasters } from "./broadcasters/broadcasters.http.ts";
import { createBroadcastersStore } from "./broadcasters/broadcasters.store.sql.ts";
import type { OwnLinks } from "./broadcasters/own.links.port.ts";
import { createStreamerInvitesStore } from "./broadcasters/streamer.invites.store.sql.ts";
import { createStreamerViews } from "./broadcasters/streamer.view.ts";
import { createAnalyticsStore } from "./deliveries/analytics.store.sql.ts";
import { mountDeliveries } from "./deliveries/deliveries.http.ts";
import { createDeliveriesQueue } from "./deliveries/deliveries.queue.sql.ts";
import { createDeliveriesWorker } from "./deliveries/deliveries.worker.ts";
import { createDeliveryParts } from "./deliveries/delivery.parts.ts";
import { createRunner } from "./deliveries/delivery.runner.ts";
import { createHistoryStore } from "./deliveries/history.store.sql.ts";
import { createOffNoticesStore } from "./deliveries/off.notices.sql.ts";
import type { OwnerNotice } from "./deliveries/off.notices.ts";
import { createDestinationPlaces } from "./destinations/destination.places.ts";
import { mountDestinations } from "./destinations/destinations.http.ts";
import { createDestinationsStore } from "./destinations/destinations.store.sql.ts";
import { Destinations } from "./destinations/destinations.ts";
import { createDiscordDestination } from "./destinations/discord.destination.ts";
import type { Outgoing } from "./destinations/outgoing.port.ts";
import { createRoomDestination, type RoomAnnouncements } from "./destinations/room.destination.ts";
import type { DestinationSender } from "./destinations/sender.port.ts";
import { createTryout } from "./destinations/tryout.ts";
import { createWebhookDestination } from "./destinations/webhook.destination.ts";
import { createWebhookSecrets, createWebhookShelf } from "./destinations/webhook.secrets.ts";
import { mountDiscordHook } from "./guilds/discord/discord.hook.http.ts";
import type { DiscordServices } from "./guilds/discord/discord.port.ts";
import type { LinkedAccounts } from "./guilds/discord/linked.accounts.port.ts";
import { createFollowersStore } from "./guilds/followers/followers.store.sql.ts";
import { createGuildParts } from "./guilds/guild.parts.ts";
import { mountGuilds } from "./guilds/guilds.http.ts";
import { createGuildsStore } from "./guilds/guilds.store.sql.ts";
import { createInboxStore } from "./hearing/inbox.store.sql.ts";
import { createLeaseStore } from "./hearing/lease.store.sql.ts";
import { createSubscriptionsStore } from "./hearing/subscriptions.store.sql.ts";
import type { TransportChoice } from "./hearing/transport.policy.ts";
import { mountTwitchHook, twitchHookPath } from "./hearing/twitch.hook.http.ts";
import type { Twitch } from "./hearing/twitch.port.ts";
import { createWatchStore } from "./hearing/watch.store.sql.ts";
import { createPersonalStore } from "./personal/personal.data.store.sql.ts";
import { type AlertsPersonalData, createAlertsPersonalData } from "./personal/personal.data.ts";
import { mountPreferences } from "./preferences/preferences.http.ts";
import { createPreferencesStore } from "./preferences/preferences.store.sql.ts";
import { createDeviceSeal, createDeviceShelf } from "./push/device.seal.ts";
import { createDevicesStore } from "./push/devices.store.sql.ts";
import { createPushAudience } from "./push/push.audience.ts";
import { createPushDestination } from "./push/push.destination.ts";
import { createPushDevices } from "./push/push.devices.ts";
import { mountPush } from "./push/push.http.ts";
import type { PushService } from "./push/push.service.port.ts";
import { createAnnouncingRooms } from "./streams/live.rooms.sql.ts";
import { createStreamsStore } from "./streams/streams.store.sql.ts";
import { createStreams } from "./streams/streams.ts";
import { createAlertRenderer } from "./templates/alert.renderer.ts";
import { defaultTemplate } from "./templates/template.defaults.ts";
import { validateTemplate } from "./templates/template.validate.ts";

export { alertsSchema } from "./alerts.schema.ts";
export { holdRestoredAlerts } from "./deliveries/restored.sql.ts";
export { type Outgoing, type OutgoingAnswer, OutgoingError } from "./destinations/outgoing.port.ts";
export {
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
} from "./guilds/discord/discord.errors.ts";
export type {
  DiscordBot,
  DiscordGuild,
  DiscordLane,
  DiscordMessage,
  DiscordNews,
  DiscordPeople,
  DiscordSelf,
  DiscordServices,
  DiscordWebhooks,
  PostedMessage,
} from "./guilds/discord/discord.port.ts";
export { chooseTransport, isReachable, type TransportChoice } from "./hearing/transport.policy.ts";
export {
  type Heard,
  heardTypes,
  type SocketListener,
  type SubscriptionRefusal,
  type SubscriptionTransport,
  type Twitch,
  type TwitchApi,
  type TwitchMessage,
  type TwitchSocket,
  type TwitchStream,
  type TwitchSubscription,
  type TwitchWebhooks,
  type WebhookRefusal,
} from "./hearing/twitch.port.ts";
export type { PushService } from "./push/push.service.port.ts";

export interface AlertsDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
  limiter: RateLimiter;
  audit: Audit;
  security: SecurityMonitor;
  bus: Bus;
  /** Names this node among several; undefined: it is the only one. */
  nodeId: string | undefined;
  vault: Pick<Vault, "seal" | "open">;
  /** Undefined: not configured. */
  twitch: Twitch | undefined;
  transport: TransportChoice;
  /** Undefined: not configured. */
  discord: DiscordServices | undefined;
  links: LinkedAccounts & OwnLinks;
  outgoing: Outgoing;
  push: PushService;
  /** Which of these accounts may not use the server now. */
  suspended(accountIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Rooms of this server, as far as the server itself speaks there. */
  rooms: RoomAnnouncements & { roomName(roomId: string): Promise<string | undefined> };
  /** Those of the rooms that the caller may read. */
  readableRooms: (caller: Caller, roomIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Writes to the owner of an account, where that is possible. Not waited for. */
  notify: (accountId: string, notice: OwnerNotice) => void;
  /** Origin that people open, without a slash at the end; asked when it is needed. */
  publicUrl: () => string;
}

/** Every place where alerts keep what the vault sealed. */
export function createAlertShelves(db: Database): SealedShelf[] {
  return [createWebhookShelf(createDestinationsStore(db)), createDeviceShelf(createDevicesStore(db))];
}

/** Something to be done again and again. */
export interface AlertsJob {
  name: string;
  everyMs: number;
  run(): Promise<void> | void;
}

/** Who goes live, and who is told. */
export interface Alerts {
  start(): void;
  /** Mounts the operations tagged alerts, and the hooks of Twitch and Discord. */
  routes(http: HttpFace): void;
  readonly jobs: readonly AlertsJob[];
  readonly personalData: AlertsPersonalData;
  /** Takes nothing new, and waits for what is under way. */
  drain(): Promise<void>;
}

/** Alerts over their dependencies. */
export function createAlerts(deps: AlertsDeps): Alerts {
  const { db, clock, ids, log, vault, audit, security, publicUrl, discord, twitch } = deps;
  const bot = discord?.bot;
  const stores = {
    guilds: createGuildsStore(db),
    followers: createFollowersStore(db),
    preferences: createPreferencesStore(db),
    broadcasters: createBroadcastersStore(db),
    invites: createStreamerInvitesStore(db),
    inbox: createInboxStore(db),
    lease: createLeaseStore(db, "hearing"),
    subscriptions: createSubscriptionsStore(db),
    watch: createWatchStore(db),
    destinations: createDestinationsStore(db),
    streams: createStreamsStore(db, ids),
    devices: createDevicesStore(db),
  };
  const streamers = createStreamerViews(stores.broadcasters, twitch !== undefined);
  const guild = createGuildParts({
    ...deps,
    stores,
    streamers,
    templates: { standard: defaultTemplate, check: validateTemplate },
  });

  const secrets = createWebhookSecrets({ vault, ids });
  const seal = createDeviceSeal(vault);
  const { outgoing } = deps;
  const senders = new Map<DestinationKind, DestinationSender>();
  for (const sender of [
    createDiscordDestination({ bot, clock, suspect: () => guild.suspect() }),
    createRoomDestination({ rooms: deps.rooms, publicUrl }),
    createWebhookDestination({ outgoing, clock }),
    createPushDestination({ service: deps.push, store: stores.devices, seal, clock }),
  ]) {
    senders.set(sender.kind, sender);
  }
  const queue = createDeliveriesQueue(db);
  const worker = createDeliveriesWorker({
    ...deps,
    queue,
    run: createRunner({
      senders,
      clock,
      log,
      renderer: createAlertRenderer({ clock }),
      mentionRole: (guildId, broadcasterId, mention) => guild.mentionRole(guildId, broadcasterId, mention),
      addressOf: async ({ destinationId, target, sealed }) =>
        sealed === null ? target : secrets.open(destinationId, sealed),
    }),
    switchedOff() {
      guild.suspect();
      delivered.tell();
    },
  });
  const delivered = createDeliveryParts({
    ...deps,
    stores: {
      history: createHistoryStore(db),
      analytics: createAnalyticsStore(db),
      offNotices: createOffNoticesStore(db),
      announcingRooms: createAnnouncingRooms(db),
    },
    access: guild.access,
    streamers,
    streams: stores.streams,
    wake: () => worker.wake(),
    outboxes: { alerts: queue, inbox: stores.inbox },
  });
  const streams = createStreams({
    store: stores.streams,
    audience: createPushAudience({ store: stores.devices, suspended: deps.suspended }),
    editable: [...senders.values()].flatMap(({ kind, edits }) => (edits ? [kind] : [])),
    wake: () => worker.wake(),
    clock,
    ids,
  });
  const heard = createBroadcasterParts({
    ...deps,
    hookPath: twitchHookPath,
    streams,
    access: guild.access,
    discordStatus: guild.status,
    stores,
  });
  const destinations = new Destinations({
    store: stores.destinations,
    access: guild.access,
    places: createDestinationPlaces({
      channels: (guildId) => guild.directory.channels(guildId),
      roomName: deps.rooms.roomName,
      async checkAddress(url) {
        if (await outgoing.permits(url)) return;
        throw new AppError("destination.blocked_address", "This address cannot be reached from here.");
      },
      streamers: (guildId) => streamers.announcedBy([guildId]),
    }),
    secrets,
    senders,
    tryout: createTryout({
      async newestStream(guildId, broadcasterId) {
        const announced = await stores.broadcasters.announcedBy([guildId]);
        const broadcaster = announced.find(
          (each) => broadcasterId === undefined || each.broadcasterId === broadcasterId,
        );
        if (broadcaster === undefined) return undefined;
        const live = await stores.streams.live([broadcaster.broadcasterId]);
        return { broadcaster, stream: live.get(broadcaster.broadcasterId) };
      },
      guildTemplate: async (guildId) => (await stores.guilds.find(guildId))?.template ?? null,
      ownDevices: async (accountId) => (await stores.devices.list(accountId)).map(({ pushId }) => pushId),
      clock,
      ids,
    }),
    checkMention: (guildId, mention) => guild.directory.checkMention(guildId, mention),
    audit,
    clock,
    ids,
  });

  return {
    start() {
      guild.start();
      heard.hearing.start();
      worker.start();
    },
    routes(http) {
      mountGuilds(http, guild);
      mountPreferences(http, guild.preferences);
      mountBroadcasters(http, heard);
      mountDestinations(http, destinations);
      mountDeliveries(http, delivered);
      mountPush(http, {
        devices: createPushDevices({ store: stores.devices, seal, outgoing, clock, ids }),
        service: deps.push,
        nameOf: deviceName,
      });
      mountDiscordHook(http, { webhooks: discord?.webhooks, inbound: guild.inbound, security });
      mountTwitchHook(http, {
        webhooks: twitch?.webhooks,
        message: (message) => heard.hearing.message(message),
        security,
      });
    },
    jobs: [
      { name: "alerts", everyMs: 1000, run: () => worker.poll() },
      { name: "notices to owners of destinations", everyMs: 60_000, run: () => delivered.notices.tell() },
      { name: "old alerts", everyMs: 3_600_000, run: () => delivered.sweep() },
      { name: "hearing of streams", everyMs: 1000, run: () => heard.hearing.tick() },
      { name: "roles of followers", everyMs: 1000, run: () => guild.tick() },
      { name: "where the bot is", everyMs: 300_000, run: () => guild.sweep() },
      { name: "old events", everyMs: 3_600_000, run: () => heard.hearing.sweep() },
    ],
    personalData: createAlertsPersonalData(createPersonalStore(db)),
    async drain() {
      await heard.hearing.drain();
      await worker.drain();
      await delivered.drain();
      await guild.drain();
    },
  };
}
