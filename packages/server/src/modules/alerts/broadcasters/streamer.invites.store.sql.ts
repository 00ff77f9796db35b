import type { ExpressionBuilder, Selectable, Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import { announce, ensureBroadcaster, GuildIsFull } from "./broadcasters.rows.sql.ts";
import type { Added, Addition } from "./broadcasters.store.ts";
import type { StreamerInvite, StreamerInvitesStore } from "./streamer.invites.store.ts";

class Refused extends Error {}

/** Invites for streamers in SQLite or Postgres. */
export function createStreamerInvitesStore(database: Database): StreamerInvitesStore {
  const db = database.tables<AlertsTables>();
  return {
    add: (invite, tokenHash, limit) =>
      db.transaction().execute(async (tx) => {
        const guild = tx.selectFrom("guilds").select("guild_id").where("guild_id", "=", invite.guildId);
        await (database.engine === "postgres" ? guild.forUpdate() : guild).executeTakeFirstOrThrow();
        const { total } = await tx
          .selectFrom("broadcaster_invites")
          .select((eb) => eb.fn.countAll<number>().as("total"))
          .where("guild_id", "=", invite.guildId)
          .where((where) => works(where, invite.createdAt))
          .executeTakeFirstOrThrow();
        if (Number(total) >= limit) return false;
        await tx
          .insertInto("broadcaster_invites")
          .values({
            invite_id: invite.inviteId,
            guild_id: invite.guildId,
            token_hash: tokenHash,
            uses: invite.uses,
            max_uses: invite.maxUses,
            expires_at: invite.expiresAt,
            created_by: invite.createdBy,
            created_at: invite.createdAt,
            revoked_at: null,
          })
          .execute();
        return true;
      }),

    async working(guildId, now) {
      const rows = await db
        .selectFrom("broadcaster_invites")
        .selectAll()
        .where("guild_id", "=", guildId)
        .where((where) => works(where, now))
        .orderBy("created_at", "desc")
        .orderBy("invite_id", "desc")
        .execute();
      return rows.map(inviteOf);
    },

    async revoke(guildId, inviteId, now) {
      const done = await db
        .updateTable("broadcaster_invites")
        .set({ revoked_at: now })
        .where("guild_id", "=", guildId)
        .where("invite_id", "=", inviteId)
        .where("revoked_at", "is", null)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async open(tokenHash, now) {
      const row = await db
        .selectFrom("broadcaster_invites as i")
        .innerJoin("guilds as g", "g.guild_id", "i.guild_id")
        .selectAll("i")
        .select(["g.name", "g.icon_url"])
        .where("i.token_hash", "=", tokenHash)
        .where("i.revoked_at", "is", null)
        .where("g.removed_at", "is", null)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const isUsedUp = row.max_uses > 0 && row.uses >= row.max_uses;
      const isGood = row.expires_at > now && !isUsedUp;
      return { ...inviteOf(row), guildName: row.name, guildIconUrl: row.icon_url, works: isGood };
    },

    async accept(tokenHash, addition) {
      try {
        return await db.transaction().execute((tx) => accept(database, tx, tokenHash, addition));
      } catch (error) {
        if (error instanceof Refused) return { result: "refused" };
        if (error instanceof GuildIsFull) return { result: "full" };
        throw error;
      }
    },
  };
}

/** Being announced comes first: its unique key makes a second accept of the same person wait for this one. */
async function accept(
  database: Database,
  tx: Transaction<AlertsTables>,
  tokenHash: string,
  addition: Addition & { accountId: string },
): Promise<Added> {
  const { accountId, now } = addition;
  const invite = await tx
    .selectFrom("broadcaster_invites")
    .select("guild_id")
    .where("token_hash", "=", tokenHash)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (invite === undefined) throw new Refused();
  const broadcasterId = await ensureBroadcaster(tx, addition, accountId);
  const by = accountId;
  if (!(await announce(database, tx, invite.guild_id, { ...addition, broadcasterId, by }))) {
    return { result: "known", broadcasterId };
  }
  const used = await tx
    .updateTable("broadcaster_invites")
    .set((set) => ({ uses: set("uses", "+", 1) }))
    .where("token_hash", "=", tokenHash)
    .where((where) => works(where, now))
    .returning("invite_id")
    .executeTakeFirst();
  // Throwing takes everything back.
  if (used === undefined) throw new Refused();
  return { result: "added", broadcasterId };
}

function works(where: ExpressionBuilder<AlertsTables, "broadcaster_invites">, now: number) {
  return where.and([
    where("revoked_at", "is", null),
    where("expires_at", ">", now),
    where.or([where("max_uses", "=", 0), where("uses", "<", where.ref("max_uses"))]),
  ]);
}

function inviteOf(row: Selectable<AlertsTables["broadcaster_invites"]>): StreamerInvite {
  return {
    inviteId: row.invite_id,
    guildId: row.guild_id,
    uses: row.uses,
    maxUses: row.max_uses,
    expiresAt: row.expires_at,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
