import { createHmac } from "node:crypto";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { type Alerts, createAlerts, type TransportChoice } from "../modules/alerts/index.ts";
import type { Chat } from "../modules/chat/index.ts";
import type { Entrusted, Identity } from "../modules/identity/index.ts";
import type { Audit } from "../platform/audit/audit.ts";
import type { Bus } from "../platform/bus/bus.ts";
import type { Clock, Ids } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import type { Database } from "../platform/db/database.ts";
import type { RateLimiter } from "../platform/limits/rate.limiter.ts";
import type { SecurityMonitor } from "../platform/security/security.monitor.ts";
import type { Vault } from "../platform/vault/vault.ts";
import { createDiscordServices } from "../providers/discord/discord.services.ts";
import { createOutgoing } from "../providers/outgoing/outgoing.ts";
import { createTwitch } from "../providers/twitch/twitch.alerts.ts";
import { createWebPush } from "../providers/webpush/web.push.ts";

export interface OpenAlertsDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
  limiter: RateLimiter;
  audit: Audit;
  security: SecurityMonitor;
  bus: Bus;
  nodeId: string | undefined;
  vault: Vault;
  entrusted: Pick<Entrusted, "links" | "credentials">;
  rooms: Chat["announcements"];
  suspended: Identity["suspended"];
  readableRooms: Chat["readable"];
  notify: Identity["notify"];
  /** Origin that people open, without a slash at the end; asked when it is needed. */
  publicUrl: () => string;
}

/** Alerts, with what the operator has set up of Twitch and Discord. */
export function openAlerts(config: Config, deps: OpenAlertsDeps): Alerts {
  const { services } = config;
  const { clock, ids, log, metrics, limiter } = deps;
  const outgoing = createOutgoing({ networks: config.outgoingNetworks });
  return createAlerts({
    ...deps,
    twitch: createTwitch({ services, secret: eventSubSecret(config.jwtSecret), clock, ids, log, metrics }),
    transport: (services["TWITCH_EVENTSUB_TRANSPORT"] ?? "auto") as TransportChoice,
    discord: createDiscordServices(services, { limiter, clock, metrics, log }),
    links: linksOf(deps.entrusted),
    outgoing,
    push: createWebPush({
      privateKey: services["VAPID_PRIVATE_KEY"],
      secret: config.jwtSecret,
      subject: services["VAPID_SUBJECT"] ?? subjectOf(config.publicUrl),
      outgoing,
    }),
  });
}

/** RFC 8292: an address at which whoever runs this server can be reached. */
function subjectOf(publicUrl: string): string {
  const url = new URL(publicUrl);
  return url.protocol === "https:" ? url.origin : `mailto:postmaster@${url.hostname}`;
}

/** The same on every node, without anything that would have to be kept. */
function eventSubSecret(jwtSecret: string): string {
  return createHmac("sha256", jwtSecret).update("foyer.eventsub").digest("hex");
}

/** What alerts may know and use of people's links to Twitch and Discord. */
function linksOf({ links, credentials }: OpenAlertsDeps["entrusted"]) {
  const active = async (accountId: string, provider: string) => {
    const link = await links.find({ accountId, provider });
    return link?.status === "active" ? link : undefined;
  };
  return {
    async linked(accountId: string) {
      const [twitch, discord] = await Promise.all([active(accountId, "twitch"), active(accountId, "discord")]);
      return {
        twitch: twitch === undefined ? null : { twitchId: twitch.subject, name: twitch.name },
        discord: discord !== undefined,
      };
    },
    async discordUser(accountId: string) {
      const link = await links.find({ accountId, provider: "discord" });
      return link && { userId: link.subject, works: link.status === "active" };
    },
    accountOf: async (userId: string) => (await links.bySubject("discord", userId))?.accountId,
    accessToken: async (accountId: string) => (await credentials.open(accountId, "discord")).accessToken,
    refreshAfter401: async (accountId: string, staleToken: string) =>
      (await credentials.refreshAfter401(accountId, "discord", staleToken)).accessToken,
  };
}
