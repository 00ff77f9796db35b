import type { AlertTemplate, DestinationKind, MentionChoice } from "@foyer/protocol";
import type { Insertable, Selectable } from "kysely";
import type { AlertsTables } from "../../src/modules/alerts/alerts.tables.ts";
import type { StreamDetails, StreamEvent } from "../../src/modules/alerts/alerts.types.ts";
import { createDeliveriesQueue } from "../../src/modules/alerts/deliveries/deliveries.queue.sql.ts";
import { createDeliveriesWorker } from "../../src/modules/alerts/deliveries/deliveries.worker.ts";
import { createRunner } from "../../src/modules/alerts/deliveries/delivery.runner.ts";
import type { RenderContext } from "../../src/modules/alerts/deliveries/renderer.port.ts";
import type {
  Announcement,
  DestinationSender,
  SendOutcome,
  SendTarget,
} from "../../src/modules/alerts/destinations/sender.port.ts";
import { createStreamsStore } from "../../src/modules/alerts/streams/streams.store.sql.ts";
import { createStreams } from "../../src/modules/alerts/streams/streams.ts";
import { createMemoryBus } from "../../src/platform/bus/memory.bus.ts";
import { createIds } from "../../src/platform/clock/clock.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { announce } from "./alerts.rows.ts";
import { testClock } from "./identity.ts";

export const minute = 60_000;
export const hour = 60 * minute;

/** What stands at a destination: one entry for each message that was ever made there. */
export interface ShownMessage {
  deliveryId: string;
  destinationId: string;
  recipient: string;
  text: string;
  edits: number;
  deleted: boolean;
  mentionRoleId: string | null;
}

/** One call of a sender. */
export interface SenderCall {
  step: "post" | "edit" | "delete";
  target: SendTarget;
  what: Announcement;
}

/**
 * A receiver that keeps its promise: the same delivery makes one message, however often it is posted. `script` may
 * answer instead; `"lost"` does what was asked and answers that nobody knows.
 */
export class ScriptedReceiver {
  readonly messages: ShownMessage[] = [];
  readonly calls: SenderCall[] = [];
  script: (call: SenderCall) => SendOutcome | "lost" | undefined | Promise<SendOutcome | "lost" | undefined> = () =>
    undefined;

  sender(kind: DestinationKind, edits = true): DestinationSender {
    return {
      kind,
      edits,
      post: (target, what) => this.#answer({ step: "post", target, what }),
      edit: (target, _id, what) => this.#answer({ step: "edit", target, what }),
      remove: (target, _id, what) => this.#answer({ step: "delete", target, what }),
    };
  }

  /** Texts that stand there now, by destination. */
  shown(destinationId: string): string[] {
    return this.messages
      .filter((message) => message.destinationId === destinationId && !message.deleted)
      .map(({ text }) => text);
  }

  async #answer(call: SenderCall): Promise<SendOutcome> {
    this.calls.push(call);
    const scripted = await this.script(call);
    if (scripted !== undefined && scripted !== "lost") return scripted;
    const index = this.#take(call);
    if (scripted === "lost") return { kind: "again", reason: "timeout", status: null };
    return { kind: "done", externalId: `m${index}`, url: null, status: 200 };
  }

  #take({ step, target, what }: SenderCall): number {
    const { deliveryId, message, mentionRoleId } = what;
    const { destinationId, recipient } = target;
    let index = this.messages.findIndex((each) => each.deliveryId === deliveryId);
    if (index === -1) {
      const made = { deliveryId, destinationId, recipient, text: message.content, edits: 0, deleted: false };
      index = this.messages.push({ ...made, mentionRoleId }) - 1;
    }
    const shown = this.messages[index];
    if (shown !== undefined && step === "edit") {
      shown.text = message.content;
      shown.edits += 1;
    }
    if (shown !== undefined && step === "delete") shown.deleted = true;
    return index;
  }
}

/** Says all that an alert could show. */
export function plainText({ stage, stream, guildName, broadcaster }: RenderContext): string {
  const about = `${broadcaster.login} in ${guildName}: ${stream.title} (${stream.game})`;
  if (stage === "live") return `live ${about} ${stream.viewers ?? "?"}`;
  const minutes = ((stream.endedAt ?? 0) - stream.startedAt) / minute;
  return `ended ${about} after ${minutes} min, peak ${stream.peakViewers ?? "?"}, ${stream.vodUrl ?? "no recording"}`;
}

export interface DestinationOptions {
  kind?: DestinationKind;
  enabled?: boolean;
  mention?: MentionChoice;
  endAction?: "recap" | "delete" | "keep";
  template?: AlertTemplate;
}

/** The core of alerts over `db`, with a receiver that is scripted and a clock that stands still. */
export function alertHouse(db: Database, start = Date.UTC(2026, 0, 1)) {
  const clock = testClock(start);
  const ids = createIds(clock);
  const log = silentLogger();
  const bus = createMemoryBus({ log });
  const receiver = new ScriptedReceiver();
  const devices = new Map<string, string[]>();
  const tables = db.tables<AlertsTables>();
  const kinds: DestinationKind[] = ["discord", "room", "webhook"];
  const senders = new Map(kinds.map((kind) => [kind, receiver.sender(kind)]));
  senders.set("push", receiver.sender("push", false));
  const queue = createDeliveriesQueue(db);
  const metrics = createMetrics({ process: false });
  const switchedOff: string[] = [];
  const newWorker = (registry = metrics, over = bus) =>
    createDeliveriesWorker({
      queue,
      run: createRunner({
        senders,
        clock,
        log,
        renderer: { render: (_template, context) => ({ content: plainText(context), embed: null }) },
        mentionRole: async (_guildId, _broadcasterId, mention) => (mention.kind === "role" ? mention.roleId : null),
        addressOf: async ({ target }) => target,
      }),
      switchedOff: () => switchedOff.push("off"),
      ...{ bus: over, clock, ids, log, metrics: registry },
    });
  const worker = newWorker();
  const streamsStore = createStreamsStore(db, ids);
  const streams = createStreams({
    store: streamsStore,
    audience: { devices: async (guildId) => devices.get(guildId) ?? [] },
    editable: kinds,
    wake: () => worker.wake(),
    clock,
    ids,
  });

  async function deliveries(): Promise<Selectable<AlertsTables["deliveries"]>[]> {
    return tables.selectFrom("deliveries").selectAll().orderBy("delivery_id").execute();
  }

  return {
    ...{
      db,
      tables,
      clock,
      ids,
      log,
      bus,
      receiver,
      devices,
      queue,
      metrics,
      worker,
      newWorker,
      streams,
      streamsStore,
      switchedOff,
    },
    senders,
    deliveries,

    /** A guild that announces the broadcaster `twitchId`, with what it chose. */
    async guild(guildId: string, twitchId: string, chosen: Partial<Insertable<AlertsTables["guilds"]>> = {}) {
      await announce(db, { guildId, broadcasterId: `b${twitchId}`, twitchId });
      if (Object.keys(chosen).length > 0) {
        await tables.updateTable("guilds").set(chosen).where("guild_id", "=", guildId).execute();
      }
    },

    async destination(guildId: string, destinationId: string, options: DestinationOptions = {}) {
      const { kind = "discord", enabled = true, mention, endAction, template } = options;
      await tables
        .insertInto("destinations")
        .values({
          destination_id: destinationId,
          guild_id: guildId,
          kind,
          name: destinationId,
          target: `at ${destinationId}`,
          enabled: enabled ? 1 : 0,
          mention: mention === undefined ? null : JSON.stringify(mention),
          end_action: endAction ?? null,
          template: template === undefined ? null : JSON.stringify(template),
          created_by: "somebody",
          created_at: clock.now(),
        })
        .execute();
    },

    /** Everything that is due now is done when this resolves. */
    async settled(by = worker): Promise<void> {
      const deadline = performance.now() + 10_000;
      for (;;) {
        await by.poll();
        const now = clock.now();
        const open = await tables
          .selectFrom("deliveries")
          .select("delivery_id")
          .where((eb) => eb.or([eb("due_at", "<=", now), eb("lease_until", ">", now)]))
          .execute();
        if (open.length === 0) return;
        if (performance.now() > deadline) throw new Error(`${open.length} deliveries do not come to their end`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },

    /** Applies an event that happens now. */
    event(twitchId: string, event: EventOf): Promise<void> {
      return streams.apply({ twitchId, eventAt: clock.now(), heardAt: clock.now(), ...event });
    },

    online(twitchId: string, twitchStreamId: string, details: StreamDetails = {}): Promise<void> {
      const now = clock.now();
      return this.event(twitchId, { kind: "online", twitchStreamId, startedAt: now, details });
    },
  };
}

type WithoutTimes<E> = E extends StreamEvent ? Omit<E, "twitchId" | "eventAt" | "heardAt"> : never;
/** An event without its times, which may be given all the same. */
export type EventOf = WithoutTimes<StreamEvent> & { eventAt?: number; heardAt?: number };
export type AlertHouse = ReturnType<typeof alertHouse>;
