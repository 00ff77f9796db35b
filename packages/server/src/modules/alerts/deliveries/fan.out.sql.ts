import type { Insertable, Transaction } from "kysely";
import type { Ids } from "../../../platform/clock/clock.ts";
import type { Engine } from "../../../platform/db/database.ts";
import { defaultChoices } from "../alerts.defaults.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { StreamChange, StreamState, StreamsPlan } from "../streams/stream.state.types.ts";
import type { AlertRules } from "../streams/streams.store.ts";
import { continues, giveUpAt } from "./delivery.times.ts";
import { createMoreToShow } from "./more.to.show.sql.ts";
import { startedBeforeRestore } from "./restored.sql.ts";

type Tx = Transaction<AlertsTables>;

/** What happened to one stream, and what all streams of the broadcaster are like after that. */
export interface Followed {
  broadcasterId: string;
  change: StreamChange;
  planned: StreamsPlan;
  rules: AlertRules;
}

/** Makes alerts of what happens to streams. */
export interface FanOut {
  /** Writes the deliveries that come of a change, in its transaction. Returns whether there is something to do. */
  follow(tx: Tx, followed: Followed): Promise<boolean>;
  /** Writes the deliveries of a guild that has begun to announce a broadcaster whose `stream` is live already. */
  join(
    tx: Tx,
    joined: { broadcasterId: string; guildId: string; stream: StreamState; rules: AlertRules },
  ): Promise<boolean>;
}

interface Target {
  destinationId: string;
  guildId: string;
  kind: string;
  recipient: string;
  reannounceMinutes: number;
}

/** Rows of one insert: SQLite and Postgres bound the values of a statement. */
const rowsAtOnce = 500;

/** The fan-out over an engine. */
export function createFanOut(engine: Engine, ids: Pick<Ids, "uuid">): FanOut {
  const more = createMoreToShow(engine);

  async function started(tx: Tx, { broadcasterId, change: { stream }, planned, rules }: Followed): Promise<boolean> {
    const targets = await targetsOf(tx, broadcasterId, rules);
    const index = planned.streams.findIndex(({ streamId }) => streamId === stream.streamId);
    const after = await alertsOf(tx, planned.streams[index + 1]);
    const before = await alertsOf(tx, planned.streams[index - 1]);
    const fresh: Target[] = [];
    const continued: string[] = [];
    const headed = new Set<string>();
    for (const target of targets) {
      // Heard of late, when the alert of the stream that followed it was there already: that one tells of both.
      const covers = after?.of(target);
      const goesOn = (endedAt: number | null, startedAt: number) =>
        continues(endedAt ?? startedAt, startedAt, target.reannounceMinutes);
      if (covers !== undefined && after !== undefined && goesOn(stream.endedAt, after.stream.startedAt)) continue;
      const old = before?.of(target);
      if (old !== undefined && before !== undefined && old.state !== "failed") {
        if (goesOn(before.stream.endedAt, stream.startedAt)) {
          continued.push(old.delivery_id);
          headed.add(target.destinationId);
          continue;
        }
      }
      fresh.push(target);
    }
    if (before !== undefined) await move(tx, continued, before.stream, stream, rules);
    await insert(tx, fresh, headed, stream, rules, await startedBeforeRestore(tx, stream.startedAt));
    return fresh.length + continued.length > 0;
  }

  /** Lets alerts go on with the stream that continues the one they told of. */
  async function move(tx: Tx, moved: readonly string[], from: StreamState, to: StreamState, rules: AlertRules) {
    for (let at = 0; at < moved.length; at += rowsAtOnce) {
      const some = moved.slice(at, at + rowsAtOnce);
      const peak = from.peakViewers;
      await tx
        .updateTable("deliveries")
        .set((eb) => ({
          stream_id: to.streamId,
          give_up_at: giveUpAt(rules.eventAt, to.endedAt),
          earlier_peak:
            peak === null
              ? eb.ref("earlier_peak")
              : eb.case().when("earlier_peak", ">", peak).then(eb.ref("earlier_peak")).else(peak).end(),
        }))
        .where("delivery_id", "in", some)
        .execute();
    }
    // Some of them may stand by themselves already: a destination of the stream before may be off by now.
    if (moved.length > 0) await more.raise(tx, to.streamId, rules);
  }

  async function insert(
    tx: Tx,
    targets: readonly Target[],
    headed: Set<string>,
    stream: StreamState,
    rules: AlertRules,
    isHeld = false,
  ) {
    const rows = targets.map((target): Insertable<AlertsTables["deliveries"]> => {
      const isHead = !headed.has(target.destinationId);
      headed.add(target.destinationId);
      return {
        delivery_id: ids.uuid(),
        stream_id: stream.streamId,
        destination_id: target.destinationId,
        guild_id: target.guildId,
        kind: target.kind,
        recipient: target.recipient,
        head: isHead ? 1 : 0,
        state: isHeld ? "failed" : "waiting",
        reason: isHeld ? "too_late" : null,
        stage: null,
        wanted: 1,
        shown: 0,
        shown_at: null,
        edits: 0,
        external_id: null,
        url: null,
        attempts: 0,
        tries: 0,
        due_at: isHeld ? null : rules.now,
        lease_until: 0,
        fence: 0,
        uncertain_since: null,
        give_up_at: giveUpAt(rules.eventAt, stream.endedAt),
        began_at: stream.startedAt,
        earlier_peak: null,
        event_at: rules.eventAt,
        created_at: rules.now,
        sent_at: null,
        latency_ms: null,
      };
    });
    for (let at = 0; at < rows.length; at += rowsAtOnce) {
      await tx
        .insertInto("deliveries")
        .values(rows.slice(at, at + rowsAtOnce))
        .onConflict((conflict) => conflict.columns(["stream_id", "destination_id", "recipient"]).doNothing())
        .execute();
    }
  }

  return {
    async join(tx, { broadcasterId, guildId, stream, rules }) {
      const known = await alertsOf(tx, stream);
      const targets = await targetsOf(tx, broadcasterId, rules);
      const fresh = targets.filter((target) => target.guildId === guildId && known?.of(target) === undefined);
      await insert(tx, fresh, new Set(), stream, rules);
      return fresh.length > 0;
    },

    async follow(tx, followed) {
      const { change, rules } = followed;
      const { streamId, endedAt } = change.stream;
      switch (change.news) {
        case null:
          return false;
        case "started":
          return started(tx, followed);
        case "retitled":
          return more.retitle(tx, streamId, rules);
        case "retold":
          return more.raise(tx, streamId, rules);
        case "ended":
        case "resumed":
          await more.limit(tx, streamId, endedAt, rules);
          return more.raise(tx, streamId, rules);
      }
    },
  };
}

/** Everything that shall tell of a broadcaster now: push once for each device. */
async function targetsOf(tx: Tx, broadcasterId: string, rules: AlertRules): Promise<Target[]> {
  const rows = await tx
    .selectFrom("destinations as d")
    .innerJoin("guild_broadcasters as b", "b.guild_id", "d.guild_id")
    .leftJoin("guilds as g", "g.guild_id", "d.guild_id")
    .leftJoin("overrides as o", (join) =>
      join.onRef("o.destination_id", "=", "d.destination_id").onRef("o.broadcaster_id", "=", "b.broadcaster_id"),
    )
    .select(["d.destination_id", "d.guild_id", "d.kind", "g.reannounce_minutes"])
    .where("b.broadcaster_id", "=", broadcasterId)
    .where("d.enabled", "=", 1)
    .where("d.removed_at", "is", null)
    .where("g.removed_at", "is", null)
    .where((eb) => eb.or([eb("o.enabled", "is", null), eb("o.enabled", "=", 1)]))
    .orderBy("d.destination_id")
    .execute();
  return rows.flatMap((row) => {
    const recipients = row.kind === "push" ? (rules.devices.get(row.guild_id) ?? []) : [""];
    return recipients.map((recipient) => ({
      destinationId: row.destination_id,
      guildId: row.guild_id,
      kind: row.kind,
      recipient,
      reannounceMinutes: row.reannounce_minutes ?? defaultChoices.reannounceMinutes,
    }));
  });
}

/** The deliveries of a stream, by where they go. */
async function alertsOf(tx: Tx, stream: StreamState | undefined) {
  if (stream === undefined) return undefined;
  const rows = await tx
    .selectFrom("deliveries")
    .select(["delivery_id", "destination_id", "recipient", "state"])
    .where("stream_id", "=", stream.streamId)
    .execute();
  const byPlace = new Map(rows.map((row) => [`${row.destination_id} ${row.recipient}`, row]));
  const of = ({ destinationId, recipient }: Target) => byPlace.get(`${destinationId} ${recipient}`);
  return { stream, of };
}
