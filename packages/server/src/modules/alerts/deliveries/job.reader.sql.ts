import type { AlertTemplate, DestinationKind, EndAction, MentionChoice } from "@foyer/protocol";
import type { Kysely, Selectable } from "kysely";
import { defaultChoices } from "../alerts.defaults.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { Broadcaster, Stream } from "../alerts.types.ts";
import { streamOfRow } from "../streams/stream.rows.ts";
import type { DeliveryJob, DeliveryPlace } from "./delivery.job.types.ts";

type Row = Selectable<AlertsTables["deliveries"]>;
type Rows<Table extends keyof AlertsTables> = Map<string, Selectable<AlertsTables[Table]>>;

/** What belongs to some deliveries. */
interface Belongings {
  streams: Rows<"streams">;
  broadcasters: Rows<"broadcasters">;
  destinations: Rows<"destinations">;
  guilds: Rows<"guilds">;
  /** By destination and broadcaster, and by guild and broadcaster, as `keyOf` writes them. */
  overrides: Rows<"overrides">;
  announced: Set<string>;
}

/** Reads what a worker needs to know of deliveries, with one query for each table. */
export function createJobReader(db: Kysely<AlertsTables>): { read(rows: readonly Row[]): Promise<DeliveryJob[]> } {
  async function belongingsOf(rows: readonly Row[]): Promise<Belongings> {
    const destinationIds = distinct(rows, (row) => row.destination_id);
    const guildIds = distinct(rows, (row) => row.guild_id);
    const streamIds = distinct(rows, (row) => row.stream_id);
    const streams = await db.selectFrom("streams").selectAll().where("stream_id", "in", streamIds).execute();
    const broadcasterIds = distinct(streams, (row) => row.broadcaster_id);
    if (broadcasterIds.length === 0) broadcasterIds.push("");
    const [broadcasters, destinations, guilds, overrides, announced] = await Promise.all([
      db.selectFrom("broadcasters").selectAll().where("broadcaster_id", "in", broadcasterIds).execute(),
      db.selectFrom("destinations").selectAll().where("destination_id", "in", destinationIds).execute(),
      db.selectFrom("guilds").selectAll().where("guild_id", "in", guildIds).execute(),
      db
        .selectFrom("overrides")
        .selectAll()
        .where("destination_id", "in", destinationIds)
        .where("broadcaster_id", "in", broadcasterIds)
        .execute(),
      db
        .selectFrom("guild_broadcasters")
        .select(["guild_id", "broadcaster_id"])
        .where("guild_id", "in", guildIds)
        .where("broadcaster_id", "in", broadcasterIds)
        .execute(),
    ]);
    return {
      streams: byId(streams, (row) => row.stream_id),
      broadcasters: byId(broadcasters, (row) => row.broadcaster_id),
      destinations: byId(destinations, (row) => row.destination_id),
      guilds: byId(guilds, (row) => row.guild_id),
      overrides: byId(overrides, (row) => keyOf(row.destination_id, row.broadcaster_id)),
      announced: new Set(announced.map((row) => keyOf(row.guild_id, row.broadcaster_id))),
    };
  }

  return {
    async read(rows) {
      if (rows.length === 0) return [];
      const belongings = await belongingsOf(rows);
      return rows.map((row) => jobOf(row, belongings));
    },
  };
}

function jobOf(row: Row, belongings: Belongings): DeliveryJob {
  const stream = belongings.streams.get(row.stream_id);
  const broadcaster = belongings.broadcasters.get(stream?.broadcaster_id ?? "");
  const guild = belongings.guilds.get(row.guild_id);
  return {
    key: row.delivery_id,
    fence: row.fence,
    leaseUntil: row.lease_until,
    tries: row.tries,
    deliveryId: row.delivery_id,
    recipient: row.recipient,
    guildId: row.guild_id,
    guildName: guild?.name ?? "",
    stage: row.stage,
    wanted: row.wanted,
    shown: row.shown,
    externalId: row.external_id,
    uncertainSince: row.uncertain_since,
    giveUpAt: row.give_up_at,
    eventAt: row.event_at,
    place: placeOf(row, stream?.broadcaster_id ?? "", belongings),
    broadcaster: broadcasterOf(broadcaster),
    stream: streamOf(row, stream),
  };
}

function placeOf(row: Row, broadcasterId: string, belongings: Belongings): DeliveryPlace {
  const destination = belongings.destinations.get(row.destination_id);
  const guild = belongings.guilds.get(row.guild_id);
  const override = belongings.overrides.get(keyOf(row.destination_id, broadcasterId));
  const template = override?.template ?? destination?.template ?? guild?.template ?? null;
  const mention = override?.mention ?? destination?.mention ?? guild?.mention ?? null;
  const isKept = destination?.enabled === 1 && destination.removed_at === null && (guild?.removed_at ?? null) === null;
  return {
    destinationId: row.destination_id,
    kind: row.kind as DestinationKind,
    target: destination?.target ?? "",
    sealed: destination?.sealed ?? null,
    template: template === null ? null : (JSON.parse(template) as AlertTemplate),
    mention: mention === null ? defaultChoices.mention : (JSON.parse(mention) as MentionChoice),
    endAction: (destination?.end_action ?? guild?.end_action ?? defaultChoices.endAction) as EndAction,
    reannounceMinutes: guild?.reannounce_minutes ?? defaultChoices.reannounceMinutes,
    isOn: isKept && override?.enabled !== 0 && belongings.announced.has(keyOf(row.guild_id, broadcasterId)),
  };
}

/** The stream as this alert tells of it: from the first that it announced on. */
function streamOf(row: Row, stream: Selectable<AlertsTables["streams"]> | undefined): Stream {
  const own = stream === undefined ? goneStream(row) : streamOfRow(stream);
  const peakViewers =
    own.peakViewers === null && row.earlier_peak === null
      ? null
      : Math.max(own.peakViewers ?? 0, row.earlier_peak ?? 0);
  return { ...own, startedAt: Math.min(own.startedAt, row.began_at), peakViewers };
}

/** Nothing announces it any more, so that the delivery comes to its end. */
function goneStream(row: Row): Stream {
  const nothing = { title: "", game: "", language: "", tags: [], viewers: null, thumbnailUrl: null, vodUrl: null };
  const ids = { streamId: row.stream_id, broadcasterId: "", twitchStreamId: "" };
  const times = { startedAt: row.began_at, endedAt: row.began_at };
  return { ...ids, ...nothing, ...times, state: "ended", revision: 1, peakViewers: null };
}

function broadcasterOf(row: Selectable<AlertsTables["broadcasters"]> | undefined): Broadcaster {
  return {
    broadcasterId: row?.broadcaster_id ?? "",
    twitchId: row?.twitch_id ?? "",
    login: row?.login ?? "",
    displayName: row?.display_name ?? "",
    avatarUrl: row?.avatar_url ?? null,
  };
}

const keyOf = (a: string, b: string) => `${a} ${b}`;

function distinct<T>(rows: readonly T[], id: (row: T) => string): string[] {
  return [...new Set(rows.map(id))];
}

function byId<T>(rows: readonly T[], id: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [id(row), row]));
}
