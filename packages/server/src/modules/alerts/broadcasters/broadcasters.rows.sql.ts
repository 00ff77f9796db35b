import type { Kysely, Selectable, Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { TwitchUser } from "../hearing/twitch.port.ts";
import type { Addition, StreamerRecord } from "./broadcasters.store.ts";

type Row = Selectable<AlertsTables["broadcasters"]>;

/** Thrown to take a transaction back. */
export class GuildIsFull extends Error {}

/** Has a guild announce somebody. False: it did already. Throws `GuildIsFull`; the guild must exist. */
export async function announce(
  database: Database,
  tx: Transaction<AlertsTables>,
  guildId: string,
  { broadcasterId, limit, now, by }: { broadcasterId: string; limit: number; now: number; by: string },
): Promise<boolean> {
  // Two who add at once see each other's: on SQLite there is one writer anyway.
  const guild = tx.selectFrom("guilds").select("guild_id").where("guild_id", "=", guildId);
  await (database.engine === "postgres" ? guild.forUpdate() : guild).executeTakeFirstOrThrow();
  const added = await tx
    .insertInto("guild_broadcasters")
    .values({ guild_id: guildId, broadcaster_id: broadcasterId, added_by_account: by, created_at: now })
    .onConflict((conflict) => conflict.columns(["guild_id", "broadcaster_id"]).doNothing())
    .executeTakeFirst();
  if ((added.numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
  const { total } = await tx
    .selectFrom("guild_broadcasters")
    .select((eb) => eb.fn.countAll<number>().as("total"))
    .where("guild_id", "=", guildId)
    .executeTakeFirstOrThrow();
  if (Number(total) > limit) throw new GuildIsFull();
  return true;
}

/** The broadcaster that a person of Twitch is; made, or brought up to date. `account`: came by an invite, as this one. */
export async function ensureBroadcaster(
  tx: Transaction<AlertsTables>,
  { user, newId, now }: Addition,
  account?: string,
): Promise<string> {
  const invited = account === undefined ? {} : ({ account_id: account, added_by: "invite" } as const);
  const said = { ...namesOf(user), ...invited };
  const row = await tx
    .insertInto("broadcasters")
    .values({
      broadcaster_id: newId,
      twitch_id: user.twitchId,
      account_id: null,
      added_by: "name",
      created_at: now,
      ...said,
    })
    .onConflict((conflict) => conflict.column("twitch_id").doUpdateSet(said))
    .returning("broadcaster_id")
    .executeTakeFirstOrThrow();
  return row.broadcaster_id;
}

/** How a person is called, as columns. */
export function namesOf({ login, displayName, avatarUrl }: TwitchUser) {
  return { login, display_name: displayName, avatar_url: avatarUrl };
}

/** Broadcasters with their streams and EventSub subscriptions, in the order of `rows`. */
export async function streamersOf(db: Kysely<AlertsTables>, rows: readonly Row[]): Promise<StreamerRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.broadcaster_id);
  const [streams, subscriptions] = await Promise.all([
    db
      .selectFrom("streams")
      .select(["broadcaster_id", "title", "game", "viewers", "started_at"])
      .where("broadcaster_id", "in", ids)
      .where("state", "=", "live")
      .orderBy("started_at")
      .execute(),
    db
      .selectFrom("eventsub_subscriptions")
      .select(["broadcaster_id", "type", "status"])
      .where("broadcaster_id", "in", ids)
      .execute(),
  ]);
  const live = new Map(
    streams.map(({ broadcaster_id: id, started_at: startedAt, ...rest }) => [id, { ...rest, startedAt }]),
  );
  const statuses = Map.groupBy(subscriptions, (row) => row.broadcaster_id);
  return rows.map((row) => ({
    broadcasterId: row.broadcaster_id,
    twitchId: row.twitch_id,
    login: row.login,
    displayName: row.display_name,
    avatarUrl: row.avatar_url,
    addedBy: row.added_by,
    live: live.get(row.broadcaster_id) ?? null,
    statuses: new Map((statuses.get(row.broadcaster_id) ?? []).map(({ type, status }) => [type, status])),
  }));
}
