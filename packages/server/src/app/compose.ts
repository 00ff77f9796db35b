import type { SessionState } from "@foyer/protocol";
import type { Logger } from "pino";
import { type Chat, createChat } from "../modules/chat/index.ts";
import { createEntrusted, createIdentity } from "../modules/identity/index.ts";
import { createAudit } from "../platform/audit/audit.sql.ts";
import { watchAudit } from "../platform/audit/watched.audit.ts";
import { deliverMail } from "../platform/bus/mailbox.sql.ts";
import { type Clock, createIds, type Ids, systemClock } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { watchLimiter } from "../platform/limits/watched.limiter.ts";
import { createLogger } from "../platform/logs/logger.ts";
import { createMetrics } from "../platform/metrics/metrics.ts";
import { createSecurityMonitor } from "../platform/security/security.monitor.ts";
import { createConfiguredProviders } from "../providers/sign.in.providers.ts";
import { createHttp, type Http } from "../transports/http/index.ts";
import { openAlerts } from "./alerts.ts";
import { docsRoot, webRoot } from "./app.assets.ts";
import { openCluster } from "./backends/cluster.ts";
import { openEmbedded } from "./backends/embedded.ts";
import { startJobs } from "./jobs.ts";
import { createLifecycle } from "./lifecycle.ts";
import { openListener } from "./listener.ts";
import { openMail } from "./mail.ts";
import { httpConfig, identityConfig } from "./module.config.ts";
import { openSockets } from "./sockets.ts";
import { openVault, requireVaultKey } from "./vault.ts";
import { version } from "./version.ts";

/** What may be exchanged, by tests above all. */
export interface Overrides {
  clock?: Clock;
  ids?: Ids;
  log?: Logger;
  /** Folder of the web build. */
  webRoot?: string;
  /** How to wait between failed sign-ins, in milliseconds. */
  wait?: (milliseconds: number) => Promise<void>;
  /** False: no metrics of the process. */
  processMetrics?: boolean;
  /** Called when another server has taken the database over: this one can no longer do its work. */
  lost?: () => void;
}

/** Where a started server is. `unowned` is true until the first account exists, which will own the server. */
export interface Opening {
  url: string;
  port: number;
  unowned: boolean;
}

/** A whole server, put together but not started. */
export interface App {
  /** Starts everything and listens. When something is in the way, everything is ended again before it throws. */
  start(): Promise<Opening>;
  /** Drains and ends everything within 10 s. Returns whether all ended well. May be called while it starts. */
  stop(): Promise<boolean>;
}

/** Milliseconds from the signal to the end. */
const graceMs = 10_000;

/** Puts a server together by hand. Nothing happens before `start`. */
export function composeApp(config: Config, overrides: Overrides = {}): App {
  const clock = overrides.clock ?? systemClock;
  const ids = overrides.ids ?? createIds(clock);
  const log = overrides.log ?? createLogger({ level: config.logLevel ?? "info", key: config.jwtSecret });
  const lifecycle = createLifecycle({ log, clock, graceMs });

  async function start(): Promise<Opening> {
    const lost = () => {
      log.error("another server has taken the database over");
      overrides.lost?.();
    };
    requireVaultKey(config, { clock, ids });
    const metrics = createMetrics({ process: overrides.processMetrics ?? true });
    const redisUrl = config.services["REDIS_URL"];
    const shape = { config, log, clock, lifecycle, lost };
    const backend = await (redisUrl === undefined ? openEmbedded(shape) : openCluster({ ...shape, redisUrl, ids }));
    const { db, bus } = backend;
    const trail = createAudit({ db, clock, ids });
    const security = createSecurityMonitor({ log, metrics, clock, audit: trail });
    await lifecycle.start({ name: "security events", stop: () => security.flushed() });
    const limiter = watchLimiter(backend.limiter, (limit, accountId) =>
      security.record("rate.limited", { limit, accountId }),
    );
    const audit = watchAudit(trail, ({ action }, accountId) =>
      security.record("privileged.act", { action, accountId }),
    );
    const shared = { db, clock, ids, log, metrics, limiter, audit, bus, security };

    const vault = openVault(config, { clock, ids, log: log.child({ component: "vault" }), metrics, security });
    const outside = createConfiguredProviders(config.services);
    const entrusted = createEntrusted({ ...shared, vault, providers: outside.tokens });

    const mail = openMail(config, { ...shared, vault });
    await lifecycle.start({ name: "mail", drain: () => mail.close() });

    const identity = createIdentity({
      ...shared,
      config: identityConfig(config),
      // Asked only when somebody comes, and by then the rooms are there.
      rooms: { inviteValid: (token) => chat.inviteValid(token), guestAccess: () => chat.guestAccess() },
      entrusted,
      // With the port that the server really listens on.
      outside: { ...outside, publicUrl: () => http.origins.origins()[0] ?? config.publicUrl },
      vault,
      mail,
      wait: overrides.wait,
      // What people wrote is erased after everything is built, and asked for when somebody asks.
      personal: {
        async *export(accountId) {
          yield* chat.personalData.export(accountId);
          yield* alerts.personalData.export(accountId);
        },
        async erase(accountId, messages) {
          await alerts.personalData.erase(accountId);
          await chat.personalData.erase(accountId, messages);
        },
        traces: (accountIds) => chat.personalData.traces(accountIds),
      },
      version,
    });
    await lifecycle.start({ name: "identity", stop: () => identity.close() });

    const chat: Chat = createChat({ ...shared, nodeId: backend.nodeId, accounts: identity, config });
    await lifecycle.start({
      name: "chat",
      start: () => chat.start(),
      drain: () => chat.flushed(),
      stop: () => chat.close(),
    });

    const alerts = openAlerts(config, {
      ...shared,
      nodeId: backend.nodeId,
      vault,
      entrusted,
      rooms: chat.announcements,
      suspended: (accountIds) => identity.suspended(accountIds),
      readableRooms: (caller, roomIds) => chat.readable(caller, roomIds),
      notify: (accountId, notice) => identity.notify(accountId, notice),
      publicUrl: () => http.origins.origins()[0] ?? config.publicUrl,
    });
    await lifecycle.start({ name: "alerts", drain: () => alerts.drain() });

    const http: Http = createHttp({
      config: httpConfig(config),
      log,
      metrics,
      limiter,
      security,
      authenticate: (credentials, addressHash, place) => identity.authenticate(credentials, addressHash, place),
      hashAddress: (address) => identity.hashAddress(address),
      clock,
      ids,
      version,
      health: async () => ({ status: await backend.health(), backend: backend.name }),
      stopping: () => lifecycle.stopping,
      webRoot: overrides.webRoot ?? webRoot,
      docsRoot,
    });
    identity.routes(http.face);
    chat.routes(http.face);
    alerts.routes(http.face);
    const missing = http.unmounted();
    if (missing.length > 0) throw new Error(`nothing answers the operations ${missing.join(", ")}`);

    const sockets = openSockets({ config, clock, ids, log, security, identity, chat, http });
    await lifecycle.start(sockets.service);
    const jobs = [
      { name: "mail of commands", everyMs: 2000, run: () => deliverMail({ db, bus }) },
      { name: "presence", everyMs: 1000, run: () => chat.tick() },
      { name: "silent sockets", everyMs: 1000, run: () => sockets.tick() },
      {
        name: "grants of outside accounts",
        everyMs: 300_000,
        run: async () => void (await entrusted.credentials.validateDue()),
      },
      { name: "e-mail", everyMs: 1000, run: () => mail.deliver() },
      { name: "erasing what deleted accounts left", everyMs: 60_000, run: () => identity.erase() },
      ...alerts.jobs,
      { name: "ended sessions", everyMs: 3_600_000, run: () => identity.sweep() },
    ];
    alerts.start();
    await lifecycle.start(startJobs(log, jobs));
    const listener = openListener({ config, http, upgrade: sockets.upgrade, log });
    await lifecycle.start(listener.service);
    return { ...listener.address(), unowned: await isUnowned(http) };
  }

  return {
    async start() {
      try {
        return await start();
      } catch (error) {
        await lifecycle.stop();
        throw error;
      }
    },
    stop: () => lifecycle.stop(),
  };
}

/** Whether the first account is still to be made, as every page asks it, too. */
async function isUnowned(http: Http): Promise<boolean> {
  const answer = await http.fetch(new Request("http://localhost/api/auth/session"));
  const state = (await answer.json()) as Partial<SessionState>;
  return state.setup === true;
}
