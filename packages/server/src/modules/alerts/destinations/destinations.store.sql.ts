import type { AlertTemplate, DestinationKind, EndAction, MentionChoice, OffReason } from "@foyer/protocol";
import type { Insertable, Selectable, Updateable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { DestinationChange, DestinationRecord, DestinationsStore } from "./destinations.store.ts";

type Row = Selectable<AlertsTables["destinations"]>;

/** Destinations in SQLite or Postgres. */
export function createDestinationsStore(database: Database): DestinationsStore {
  const db = database.tables<AlertsTables>();
  const ofGuild = (guildId: string) =>
    db.selectFrom("destinations").selectAll().where("guild_id", "=", guildId).where("removed_at", "is", null);

  return {
    async list(guildId) {
      return (await ofGuild(guildId).orderBy("created_at").orderBy("destination_id").execute()).map(toRecord);
    },

    async find(guildId, destinationId) {
      const row = await ofGuild(guildId).where("destination_id", "=", destinationId).executeTakeFirst();
      return row && toRecord(row);
    },

    add: (record, most) =>
      db.transaction().execute(async (tx) => {
        // One at a time for a guild, or two of the same would both find that there is none.
        if (database.engine === "postgres") {
          await tx.selectFrom("guilds").select("guild_id").where("guild_id", "=", record.guildId).forUpdate().execute();
        }
        const known = await tx
          .selectFrom("destinations")
          .select(["kind", "target"])
          .where("guild_id", "=", record.guildId)
          .where("removed_at", "is", null)
          .execute();
        // Two webhooks may go to one host: they are told apart by their addresses, which are sealed.
        const isKnown = known.some(({ kind, target }) => kind === record.kind && target === record.target);
        if (isKnown && record.kind !== "webhook") return "exists";
        if (known.length >= most) return "full";
        await tx.insertInto("destinations").values(toRow(record)).execute();
        return "added";
      }),

    async change(guildId, destinationId, change) {
      const values = toChange(change);
      if (Object.keys(values).length === 0) return this.find(guildId, destinationId);
      const row = await db
        .updateTable("destinations")
        .set(values)
        .where("guild_id", "=", guildId)
        .where("destination_id", "=", destinationId)
        .where("removed_at", "is", null)
        .returningAll()
        .executeTakeFirst();
      return row && toRecord(row);
    },

    async remove(guildId, destinationId, now) {
      // The sealed address goes at once; the row stays for the history of deliveries.
      const done = await db
        .updateTable("destinations")
        .set({ removed_at: now, enabled: 0, sealed: null, key_id: null })
        .where("guild_id", "=", guildId)
        .where("destination_id", "=", destinationId)
        .where("removed_at", "is", null)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async switchOff(kind, target, reason) {
      await db
        .updateTable("destinations")
        .set({ enabled: 0, off_reason: reason })
        .where("kind", "=", kind)
        .where("target", "=", target)
        .where("enabled", "=", 1)
        .execute();
    },

    async overrides(destinationId) {
      const rows = await db.selectFrom("overrides").selectAll().where("destination_id", "=", destinationId).execute();
      return rows.map((row) => ({
        broadcasterId: row.broadcaster_id,
        enabled: row.enabled === 1,
        template: parsed<AlertTemplate>(row.template),
        mention: parsed<MentionChoice>(row.mention),
      }));
    },

    async setOverride(destinationId, { broadcasterId, enabled, template, mention }) {
      const values = { enabled: enabled ? 1 : 0, template: json(template), mention: json(mention) };
      await db
        .insertInto("overrides")
        .values({ destination_id: destinationId, broadcaster_id: broadcasterId, ...values })
        .onConflict((conflict) => conflict.columns(["destination_id", "broadcaster_id"]).doUpdateSet(values))
        .execute();
    },

    async announces(guildId, broadcasterId) {
      const row = await db
        .selectFrom("guild_broadcasters")
        .select("guild_id")
        .where("guild_id", "=", guildId)
        .where("broadcaster_id", "=", broadcasterId)
        .executeTakeFirst();
      return row !== undefined;
    },

    async countByKey() {
      const rows = await db
        .selectFrom("destinations")
        .select((eb) => ["key_id", eb.fn.countAll<number>().as("total")])
        .where("key_id", "is not", null)
        .groupBy("key_id")
        .execute();
      return rows.flatMap(({ key_id: keyId, total }) => (keyId === null ? [] : [{ keyId, total: Number(total) }]));
    },

    async underOtherKeys(keyId, after, limit) {
      const rows = await db
        .selectFrom("destinations")
        .select(["destination_id", "sealed", "key_id"])
        .where("key_id", "!=", keyId)
        .where("sealed", "is not", null)
        .where("destination_id", ">", after)
        .orderBy("destination_id")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        destinationId: row.destination_id,
        sealed: row.sealed ?? "",
        keyId: row.key_id ?? "",
      }));
    },

    async reseal(destinationId, before, { sealed, keyId }) {
      const done = await db
        .updateTable("destinations")
        .set({ sealed, key_id: keyId })
        .where("destination_id", "=", destinationId)
        .where("sealed", "=", before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async madeBy(accountId) {
      const rows = await db
        .selectFrom("destinations")
        .select(["destination_id", "guild_id", "kind", "name"])
        .where("created_by", "=", accountId)
        .where("removed_at", "is", null)
        .orderBy("destination_id")
        .execute();
      return rows.map((row) => ({
        destinationId: row.destination_id,
        guildId: row.guild_id,
        kind: row.kind,
        name: row.name,
      }));
    },
  };
}

const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
/** What was validated before it was stored. */
const parsed = <T>(text: string | null) => (text === null ? null : (JSON.parse(text) as T));

function toRecord(row: Row): DestinationRecord {
  return {
    destinationId: row.destination_id,
    guildId: row.guild_id,
    kind: row.kind as DestinationKind,
    name: row.name,
    target: row.target,
    sealed: row.sealed,
    keyId: row.key_id,
    enabled: row.enabled === 1,
    offReason: row.off_reason as OffReason | null,
    template: parsed<AlertTemplate>(row.template),
    mention: parsed<MentionChoice>(row.mention),
    endAction: row.end_action as EndAction | null,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}

function toRow(record: DestinationRecord): Insertable<AlertsTables["destinations"]> {
  return {
    destination_id: record.destinationId,
    guild_id: record.guildId,
    kind: record.kind,
    name: record.name,
    target: record.target,
    sealed: record.sealed,
    key_id: record.keyId,
    enabled: record.enabled ? 1 : 0,
    off_reason: record.offReason,
    template: json(record.template),
    mention: json(record.mention),
    end_action: record.endAction,
    created_by: record.createdBy,
    created_at: record.createdAt,
    removed_at: null,
  };
}

function toChange(change: DestinationChange): Updateable<AlertsTables["destinations"]> {
  const { name, enabled, offReason, template, mention, endAction } = change;
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
    ...(offReason !== undefined && { off_reason: offReason }),
    ...(template !== undefined && { template: json(template) }),
    ...(mention !== undefined && { mention: json(mention) }),
    ...(endAction !== undefined && { end_action: endAction }),
  };
}
