import { startTwitch, type TwitchOptions, type TwitchSimulator } from "@foyer/simulators/twitch";
import { vi } from "vitest";
import type { AlertsTables } from "../../src/modules/alerts/alerts.tables.ts";
import type { StreamEvent } from "../../src/modules/alerts/alerts.types.ts";
import {
  type BroadcasterParts,
  createBroadcasterParts,
} from "../../src/modules/alerts/broadcasters/broadcaster.parts.ts";
import { createBroadcastersStore } from "../../src/modules/alerts/broadcasters/broadcasters.store.sql.ts";
import { createStreamerInvitesStore } from "../../src/modules/alerts/broadcasters/streamer.invites.store.sql.ts";
import type { HearingTables } from "../../src/modules/alerts/hearing/hearing.tables.ts";
import { createInboxStore } from "../../src/modules/alerts/hearing/inbox.store.sql.ts";
import { createLeaseStore } from "../../src/modules/alerts/hearing/lease.store.sql.ts";
import { createSubscriptionsStore } from "../../src/modules/alerts/hearing/subscriptions.store.sql.ts";
import type { TransportChoice } from "../../src/modules/alerts/hearing/transport.policy.ts";
import { mountTwitchHook, twitchHookPath } from "../../src/modules/alerts/hearing/twitch.hook.http.ts";
import { createWatchStore } from "../../src/modules/alerts/hearing/watch.store.sql.ts";
import { createStreamsStore } from "../../src/modules/alerts/streams/streams.store.sql.ts";
import { createStreams } from "../../src/modules/alerts/streams/streams.ts";
import { createMemoryBus } from "../../src/platform/bus/memory.bus.ts";
import { createIds } from "../../src/platform/clock/clock.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createTwitch } from "../../src/providers/twitch/twitch.alerts.ts";
import { createNodeServer } from "../../src/transports/http/index.ts";
import { testCaller, testHttp } from "./http.ts";
import { testSecurity } from "./security.ts";

/** One node that hears, with a real port for Twitch's webhooks. */
export interface HearingNode {
  url: string;
  parts: BroadcasterParts;
  /** What was applied, in order. */
  applied: StreamEvent[];
  /** Security events, as `name reason`. */
  security: string[];
  /** What `/metrics` would say of one line, by the beginning of it. */
  metric(line: string): Promise<number>;
  stop(): Promise<void>;
  /** As a process that stands still: nothing is given back, and nobody says goodbye. */
  freeze(): Promise<void>;
}

/** Twitch that is simulated, a database, and nodes that hear. Their clock is the simulator's, and can be moved on. */
export interface HearingWorld {
  twitch: TwitchSimulator;
  database: Database;
  pass(ms: number): void;
  now(): number;
  node(options?: NodeOptions): Promise<HearingNode>;
  /** Has the guild `here` announce these people of Twitch. */
  announce(...logins: string[]): Promise<void>;
  /** Streams as they are known, the latest last. */
  streams(): Promise<{ id: string; state: string; title: string; viewers: number | null; vodUrl: string | null }[]>;
  inbox(): Promise<{ messageId: string; state: string }[]>;
  /** Waits until `check` passes. */
  until(check: () => void | Promise<void>, ms?: number): Promise<void>;
  stop(): Promise<void>;
}

/** How a node is started. `port` 0: any. */
interface NodeOptions {
  transport?: TransportChoice;
  secret?: string;
  port?: number;
  apply?: Apply;
}

/** Stands before what applies events. */
type Apply = (event: StreamEvent, next: (event: StreamEvent) => Promise<void>) => Promise<void>;

const TICK_MS = 25;

/** Starts Twitch, over an empty database with the schema of alerts. Always call `stop`. */
export async function createHearingWorld(database: Database, options: TwitchOptions = {}): Promise<HearingWorld> {
  let shift = 0;
  const clock = { now: () => Date.now() + shift };
  const ids = createIds(clock);
  const bus = createMemoryBus({ log: silentLogger() });
  const twitch = await startTwitch({
    eventsub: { webhooks: { retryMs: [50, 50, 50] }, sockets: { keepaliveSeconds: 1 } },
    ...options,
    now: clock.now,
  });
  const nodes: HearingNode[] = [];
  const db = database.tables<HearingTables>();
  await database
    .tables<AlertsTables>()
    .insertInto("guilds")
    .values({ guild_id: "here", name: "here", bot_installed: 1, created_at: clock.now() })
    .execute();

  async function node({
    transport = "webhook",
    secret = "only for tests",
    port = 0,
    apply = (event, next) => next(event),
  }: NodeOptions = {}): Promise<HearingNode> {
    const metrics = createMetrics({ process: false });
    const log = silentLogger();
    const applied: StreamEvent[] = [];
    const security: string[] = [];
    const monitor = testSecurity({ metrics, clock });
    const http = testHttp({ clock, ids, metrics });
    const server = createNodeServer(http, { log });
    const address = await server.listen(port, "127.0.0.1");
    const url = `http://127.0.0.1:${address.port}`;
    const streams = createStreams({
      store: createStreamsStore(database, ids),
      audience: { devices: async () => [] },
      editable: ["discord"],
      wake: () => {},
      clock,
      ids,
    });
    const shared = { services: twitch.environment, secret, clock, ids, log, metrics };
    const outside = createTwitch(shared);
    const parts = createBroadcasterParts({
      ...shared,
      twitch: outside,
      transport,
      hookPath: twitchHookPath,
      streams: {
        apply: (event) =>
          apply(event, async (it) => {
            await streams.apply(it);
            applied.push(it);
          }),
        join: streams.join,
      },
      access: {
        manage: async () => ({ accountId: testCaller("admin", "home").accountId, guildName: "here" }),
        managed: async () => ["here"],
      },
      links: { linked: async () => ({ twitch: null, discord: false }) },
      discordStatus: async () => ({ configured: false, botWorks: false, botName: null, problem: null }),
      stores: {
        inbox: createInboxStore(database),
        lease: createLeaseStore(database, "hearing"),
        subscriptions: createSubscriptionsStore(database),
        watch: createWatchStore(database),
        broadcasters: createBroadcastersStore(database),
        invites: createStreamerInvitesStore(database),
      },
      publicUrl: () => url,
      nodeId: ids.uuid(),
      audit: { record: async () => undefined, list: async () => ({ entries: [], next: undefined }) },
      bus,
    });
    mountTwitchHook(http.face, {
      webhooks: outside?.webhooks,
      message: (message) => parts.hearing.message(message),
      security: {
        ...monitor,
        record: (event, facts) => void security.push(`${event} ${facts?.reason ?? ""}`),
      },
    });
    parts.hearing.start();
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      void parts.hearing.tick().finally(() => {
        busy = false;
      });
    }, TICK_MS);
    const made: HearingNode = {
      url,
      parts,
      applied,
      security,
      async metric(line) {
        const found = (await metrics.metrics()).split("\n").find((each) => each.startsWith(line));
        return found === undefined ? 0 : Number(found.split(" ").at(-1));
      },
      async stop() {
        await made.freeze();
        await parts.hearing.drain();
      },
      async freeze() {
        clearInterval(timer);
        const at = nodes.indexOf(made);
        if (at >= 0) nodes.splice(at, 1);
        await server.close(0);
      },
    };
    nodes.push(made);
    return made;
  }

  return {
    twitch,
    database,
    now: clock.now,
    pass(ms) {
      shift += ms;
    },
    node,
    async announce(...logins) {
      for (const login of logins) {
        const { id, displayName } = twitch.stage.person(login);
        const said = { login, display_name: displayName, added_by: "name", created_at: clock.now() } as const;
        await db
          .insertInto("broadcasters")
          .values({ broadcaster_id: `broadcaster-${id}`, twitch_id: id, ...said })
          .execute();
        await db
          .insertInto("guild_broadcasters")
          .values({ guild_id: "here", broadcaster_id: `broadcaster-${id}`, created_at: clock.now() })
          .execute();
      }
    },
    async streams() {
      const rows = await db.selectFrom("streams").selectAll().orderBy("started_at").orderBy("stream_id").execute();
      return rows.map((row) => ({
        id: row.twitch_stream_id,
        state: row.state,
        title: row.title,
        viewers: row.viewers,
        vodUrl: row.vod_url,
      }));
    },
    async inbox() {
      const rows = await db.selectFrom("inbox").selectAll().orderBy("received_at").execute();
      return rows.map((row) => ({ messageId: row.message_id, state: row.state }));
    },
    until: (check, ms = 10_000) => vi.waitFor(check, { timeout: ms, interval: 10 }),
    async stop() {
      for (const each of [...nodes]) await each.stop();
      await twitch.close();
      await bus.close();
    },
  };
}
