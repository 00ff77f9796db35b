import type { AlertsStatus } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import { createHearingMetrics } from "../hearing/hearing.metrics.ts";
import { createHearing, type Hearing } from "../hearing/hearing.ts";
import type { InboxStore } from "../hearing/inbox.store.ts";
import type { StreamEvents } from "../hearing/inbox.ts";
import type { LeaseStore } from "../hearing/lease.store.ts";
import type { SubscriptionsStore } from "../hearing/subscriptions.store.ts";
import type { TransportChoice } from "../hearing/transport.policy.ts";
import type { Twitch } from "../hearing/twitch.port.ts";
import type { WatchStore } from "../hearing/watch.store.ts";
import type { Streams } from "../streams/streams.ts";
import { createAlertsStatus } from "./alerts.status.ts";
import { createBroadcasterNames } from "./broadcaster.names.ts";
import type { BroadcastersStore } from "./broadcasters.store.ts";
import { type Broadcasters, createBroadcasters } from "./broadcasters.ts";
import type { OwnLinks } from "./own.links.port.ts";
import type { StreamerInvitesStore } from "./streamer.invites.store.ts";
import { createStreamerInvites, type StreamerInvites } from "./streamer.invites.ts";

export interface BroadcasterPartsDeps {
  /** Undefined: Twitch is not configured. */
  twitch: Twitch | undefined;
  transport: TransportChoice;
  /** Path of Twitch's webhook. */
  hookPath: string;
  streams: StreamEvents & Pick<Streams, "join">;
  access: Pick<GuildAccess, "manage" | "managed">;
  links: OwnLinks;
  discordStatus: () => Promise<AlertsStatus["discord"]>;
  stores: {
    inbox: InboxStore;
    lease: LeaseStore;
    subscriptions: SubscriptionsStore;
    watch: WatchStore;
    broadcasters: BroadcastersStore;
    invites: StreamerInvitesStore;
  };
  /** Origin that people open, without a slash at the end; asked when it is needed. */
  publicUrl: () => string;
  /** Names this node among several; undefined: it is the only one. */
  nodeId: string | undefined;
  audit: Audit;
  bus: Bus;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
}

/** Everything about broadcasters: who is announced, and how it is heard that they go live. */
export interface BroadcasterParts {
  broadcasters: Broadcasters;
  invites: StreamerInvites;
  hearing: Hearing;
  /** What is set up for alerts and works now, for the person who asks. */
  status(caller: AccountCaller): Promise<AlertsStatus>;
}

export function createBroadcasterParts(deps: BroadcasterPartsDeps): BroadcasterParts {
  const { twitch, stores, clock, log } = deps;
  const api = twitch?.api;
  const names =
    api && createBroadcasterNames({ store: stores.broadcasters, subscriptions: stores.subscriptions, api, clock, log });
  const metrics = createHearingMetrics(deps.metrics, () => stores.subscriptions.countByStatus());
  const hearing = createHearing({ ...deps, metrics, chores: names === undefined ? [] : [names] });
  const changed = () => hearing.changed();
  const joined = (guildId: string, broadcasterId: string) => deps.streams.join(guildId, broadcasterId);
  const shared = { ...deps, api, changed, joined };
  return {
    hearing,
    broadcasters: createBroadcasters({ ...shared, store: stores.broadcasters }),
    invites: createStreamerInvites({ ...shared, store: stores.invites, broadcasters: stores.broadcasters }),
    status: createAlertsStatus({ twitch: () => hearing.status(), discord: deps.discordStatus, links: deps.links }),
  };
}
