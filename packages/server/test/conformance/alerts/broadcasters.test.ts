import { beforeEach, describe, expect, it } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import type { AlertsTables } from "../../../src/modules/alerts/alerts.tables.ts";
import { createBroadcastersStore } from "../../../src/modules/alerts/broadcasters/broadcasters.store.sql.ts";
import { createBroadcasters } from "../../../src/modules/alerts/broadcasters/broadcasters.ts";
import { createStreamerInvitesStore } from "../../../src/modules/alerts/broadcasters/streamer.invites.store.sql.ts";
import { createStreamerInvites } from "../../../src/modules/alerts/broadcasters/streamer.invites.ts";
import type { TwitchUser } from "../../../src/modules/alerts/hearing/twitch.port.ts";
import type { AccountCaller, Caller } from "../../../src/platform/caller/caller.ts";
import { createIds, systemClock } from "../../../src/platform/clock/clock.ts";
import type { Database } from "../../../src/platform/db/database.ts";
import { AppError } from "../../../src/platform/errors/app.error.ts";
import { streamRow } from "../../support/alerts.rows.ts";
import { eachEngine } from "../../support/engines.ts";
import { testCaller } from "../../support/http.ts";

const HOUR = 3_600_000;
const GUILD = "111111111111111111";
const OTHER = "222222222222222222";

const user = (n: number): TwitchUser => ({
  twitchId: String(n),
  login: `user_${n}`,
  displayName: `User_${n}`,
  avatarUrl: `https://static.example/${n}.png`,
});

/** Who may manage which guild, by account; the links of accounts; and who is at Twitch. */
async function createWorld(database: Database) {
  let now = 1_000_000_000_000;
  const clock = { now: () => now };
  const ids = createIds(systemClock);
  const people = new Map(Array.from({ length: 600 }, (_, n) => [String(n + 1), user(n + 1)]));
  const links = new Map<string, string>();
  const audited: string[] = [];
  const joined: string[] = [];
  let changes = 0;
  const manages = new Map<string, string[]>();
  const access = {
    async manage(caller: Caller, guildId: string) {
      if (caller.kind !== "account") throw new AppError("auth.required", "Sign in first.");
      if (!(manages.get(caller.accountId) ?? []).includes(guildId)) throw new AppError("guild.forbidden", "No.");
      return { accountId: caller.accountId, guildName: guildId };
    },
    managed: async (caller: Caller) => (caller.kind === "account" ? (manages.get(caller.accountId) ?? []) : []),
  };
  const api = {
    usersByIds: async (twitchIds: readonly string[]) => twitchIds.flatMap((id) => people.get(id) ?? []),
    usersByLogins: async (logins: readonly string[]) =>
      [...people.values()].filter(({ login }) => logins.includes(login)),
  };
  const store = createBroadcastersStore(database);
  const shared = {
    access,
    api,
    clock,
    ids,
    changed: () => void (changes += 1),
    joined: async (guildId: string, broadcasterId: string) => void joined.push(`${guildId} ${broadcasterId}`),
    audit: {
      record: async ({ action }: { action: string }) => void audited.push(action),
      list: async () => ({ entries: [], next: undefined }),
    },
  };
  const broadcasters = createBroadcasters({ ...shared, store });
  const invites = createStreamerInvites({
    ...shared,
    store: createStreamerInvitesStore(database),
    broadcasters: store,
    links: {
      async linked(accountId) {
        const twitchId = links.get(accountId);
        return { twitch: twitchId === undefined ? null : { twitchId, name: `User_${twitchId}` }, discord: false };
      },
    },
    publicUrl: () => "https://foyer.example",
  });
  for (const guildId of [GUILD, OTHER]) {
    await database
      .tables<AlertsTables>()
      .insertInto("guilds")
      .values({ guild_id: guildId, name: `Guild ${guildId[0]}`, bot_installed: 1, created_at: now })
      .execute();
  }
  return {
    database,
    store,
    broadcasters,
    invites,
    people,
    audited,
    joined,
    changes: () => changes,
    pass: (ms: number) => void (now += ms),
    person(guildIds: string[], twitchId?: string): AccountCaller {
      const caller = { ...testCaller("member", "home"), accountId: ids.uuid() };
      manages.set(caller.accountId, guildIds);
      if (twitchId !== undefined) links.set(caller.accountId, twitchId);
      return caller;
    },
  };
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "ok",
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

eachEngine((_engine, open) => {
  describe("broadcasters of guilds", () => {
    let world: Awaited<ReturnType<typeof createWorld>>;
    let admin: AccountCaller;
    beforeEach(async () => {
      world = await createWorld(await open([alertsSchema]));
      admin = world.person([GUILD]);
    });
    const logins = async () => (await world.broadcasters.list(admin, GUILD)).map(({ login }) => login);

    it("are added by name or address, once, and only by those who manage the guild", async () => {
      const added = await world.broadcasters.add(admin, GUILD, " https://www.twitch.tv/User_1?tab=home ");
      expect(added).toMatchObject({
        login: "user_1",
        displayName: "User_1",
        avatarUrl: "https://static.example/1.png",
        addedBy: "name",
        live: null,
        hearing: "waiting",
      });
      const again = await Promise.all([1, 2, 3].map(() => world.broadcasters.add(admin, GUILD, "@user_1")));
      expect(again.map(({ streamerId }) => streamerId)).toEqual([added, added, added].map((each) => each.streamerId));
      expect(await logins()).toEqual(["user_1"]);
      expect(world.audited).toEqual(["streamer.added"]);
      expect(world.joined).toEqual([`${GUILD} ${added.streamerId}`]);
      expect(world.changes()).toBe(1);
      for (const text of ["nobody_at_all", "not a name", "https://evil.example/user_1", ""]) {
        expect(await codeOf(world.broadcasters.add(admin, GUILD, text))).toBe("streamer.unknown_login");
      }
      const stranger = world.person([OTHER]);
      expect(
        await Promise.all([
          codeOf(world.broadcasters.add(stranger, GUILD, "user_2")),
          codeOf(world.broadcasters.list(stranger, GUILD)),
          codeOf(world.broadcasters.remove(stranger, GUILD, added.streamerId)),
          codeOf(world.broadcasters.get(stranger, added.streamerId)),
        ]),
      ).toEqual(["guild.forbidden", "guild.forbidden", "guild.forbidden", "streamer.not_found"]);
      expect(await world.broadcasters.listAll(stranger)).toEqual([]);
    });

    it("show who is live and whether Twitch tells about them", async () => {
      const { streamerId } = await world.broadcasters.add(admin, GUILD, "user_1");
      const db = world.database.tables<AlertsTables>();
      const live = { title: "Now", game: "Chess", viewers: 7, started_at: 2000 };
      const ended = { title: "Old", state: "ended", ended_at: 1500 } as const;
      await db
        .insertInto("streams")
        .values([streamRow(streamerId, "s2", live), streamRow(streamerId, "s1", ended)])
        .execute();
      const subscribe = async (type: string, status: string) => {
        const said = { transport: "conduit c1", status, checked_at: 1000 };
        await db
          .insertInto("eventsub_subscriptions")
          .values({ broadcaster_id: streamerId, type, ...said })
          .onConflict((conflict) => conflict.columns(["broadcaster_id", "type"]).doUpdateSet(said))
          .execute();
      };
      const shown = () => world.broadcasters.get(admin, streamerId);
      expect((await shown()).live).toEqual({
        title: "Now",
        game: "Chess",
        viewers: 7,
        startedAt: "1970-01-01T00:00:02.000Z",
        url: "https://www.twitch.tv/user_1",
      });
      await subscribe("stream.online", "enabled");
      await subscribe("stream.offline", "webhook_callback_verification_pending");
      expect((await shown()).hearing).toBe("waiting");
      await subscribe("stream.offline", "enabled");
      await subscribe("channel.update", "enabled");
      expect((await shown()).hearing).toBe("ok");
      await subscribe("stream.online", "revoked");
      expect((await shown()).hearing).toBe("failing");
    });

    it("are removed from one guild and stay in another", async () => {
      const both = world.person([GUILD, OTHER]);
      const { streamerId } = await world.broadcasters.add(both, GUILD, "user_1");
      await world.broadcasters.add(both, OTHER, "user_1");
      await world.broadcasters.remove(both, GUILD, streamerId);
      expect(await codeOf(world.broadcasters.remove(both, GUILD, streamerId))).toBe("streamer.not_found");
      expect(await world.broadcasters.list(both, GUILD)).toEqual([]);
      expect(await world.broadcasters.listAll(both)).toHaveLength(1);
      expect(await codeOf(world.broadcasters.get(admin, streamerId))).toBe("streamer.not_found");
      // Who comes back is the same broadcaster.
      expect((await world.broadcasters.add(admin, GUILD, "user_1")).streamerId).toBe(streamerId);
    });

    it("are never more than a guild may have, however many are added at once", async () => {
      const addition = (n: number) => ({
        user: user(n),
        newId: `id-${n}`,
        limit: 5,
        now: 1000,
        addedByAccount: admin.accountId,
      });
      const results = await Promise.all(Array.from({ length: 12 }, (_, n) => world.store.add(GUILD, addition(n + 1))));
      expect(results.filter(({ result }) => result === "added")).toHaveLength(5);
      expect(results.filter(({ result }) => result === "full")).toHaveLength(7);
      expect(await logins()).toHaveLength(5);
    });

    it("are called what Twitch calls them now", async () => {
      const { streamerId } = await world.broadcasters.add(admin, GUILD, "user_1");
      await world.broadcasters.add(admin, GUILD, "user_2");
      const renamed = { ...user(1), login: "new_name", displayName: "New_Name", avatarUrl: null };
      expect(await world.store.rename([renamed, user(2), user(3)])).toEqual([streamerId]);
      expect(await world.store.rename([renamed, user(2)])).toEqual([]);
      expect(await world.broadcasters.get(admin, streamerId)).toMatchObject({ login: "new_name", avatarUrl: null });
    });
  });

  describe("invites for streamers", () => {
    let world: Awaited<ReturnType<typeof createWorld>>;
    let admin: AccountCaller;
    beforeEach(async () => {
      world = await createWorld(await open([alertsSchema]));
      admin = world.person([GUILD]);
    });
    const invite = async (terms: { expiresInHours?: number; maxUses?: number } = {}) => {
      const made = await world.invites.create(admin, GUILD, { expiresInHours: 1, maxUses: 1, ...terms });
      return { inviteId: made.inviteId, token: made.token ?? "", url: made.url };
    };

    it("tell their token once and keep only its hash", async () => {
      const { token, url } = await invite();
      expect(url).toBe(`https://foyer.example/streamers/invite/${token}`);
      expect(Buffer.from(token, "base64url")).toHaveLength(24);
      const listed = await world.invites.list(admin, GUILD);
      expect(listed).toMatchObject([{ guildId: GUILD, uses: 0, maxUses: 1 }]);
      expect(JSON.stringify(listed)).not.toContain(token);
      const rows = await world.database.tables<AlertsTables>().selectFrom("broadcaster_invites").selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(token);
    });

    it("show anybody where they lead, and announce who comes as the person that they are at Twitch", async () => {
      const { token } = await invite({ maxUses: 0 });
      const nobody: Caller = { kind: "anonymous", addressHash: "home" };
      expect(await world.invites.preview(nobody, token)).toMatchObject({
        guildName: "Guild 1",
        guildIconUrl: null,
        twitchLinked: false,
        twitchName: null,
      });
      const ada = world.person([], "1");
      expect(await world.invites.preview(ada, token)).toMatchObject({ twitchLinked: true, twitchName: "User_1" });
      const streamer = await world.invites.accept(ada, token);
      expect(streamer).toMatchObject({ login: "user_1", addedBy: "invite" });
      expect(await world.broadcasters.list(admin, GUILD)).toMatchObject([{ streamerId: streamer.streamerId }]);
      expect(world.audited).toEqual(["streamer_invite.created", "streamer_invite.accepted"]);
      expect(world.changes()).toBe(1);

      const unlinked = world.person([]);
      expect(await codeOf(world.invites.accept(unlinked, token))).toBe("streamer.needs_twitch");
      const gone = world.person([], "9999");
      expect(await codeOf(world.invites.accept(gone, token))).toBe("streamer.needs_twitch");
      expect(await codeOf(world.invites.preview(ada, "guess"))).toBe("invite.not_found");
      expect(await codeOf(world.invites.accept(ada, "guess"))).toBe("invite.not_found");
    });

    it("count a person once, however often they accept at once, also one who was added by name before", async () => {
      const { token } = await invite({ maxUses: 1 });
      await world.broadcasters.add(admin, GUILD, "user_1");
      const named = world.person([], "1");
      expect(await world.invites.accept(named, token)).toMatchObject({ addedBy: "invite" });
      const ada = world.person([], "2");
      const streamers = await Promise.all([1, 2, 3, 4].map(() => world.invites.accept(ada, token)));
      expect(new Set(streamers.map(({ streamerId }) => streamerId)).size).toBe(1);
      expect(await world.invites.accept(ada, token)).toMatchObject({ login: "user_2" });
      expect(await world.invites.list(admin, GUILD)).toEqual([]);
    });

    it("never let in more than may use them, and leave nothing behind of those refused", async () => {
      const { token } = await invite({ maxUses: 3 });
      const people = Array.from({ length: 10 }, (_, n) => world.person([], String(n + 1)));
      const codes = await Promise.all(people.map((person) => codeOf(world.invites.accept(person, token))));
      expect(codes.filter((code) => code === "ok")).toHaveLength(3);
      expect(codes.filter((code) => code === "invite.expired")).toHaveLength(7);
      expect(await world.broadcasters.list(admin, GUILD)).toHaveLength(3);
      const db = world.database.tables<AlertsTables>();
      expect(await db.selectFrom("broadcasters").select("twitch_id").execute()).toHaveLength(3);
      expect(await db.selectFrom("broadcaster_invites").select("uses").execute()).toEqual([{ uses: 3 }]);
    });

    it("end by time, by being revoked, and with their guild", async () => {
      const first = await invite();
      world.pass(HOUR);
      const ada = world.person([], "1");
      expect(await codeOf(world.invites.accept(ada, first.token))).toBe("invite.expired");
      expect(await codeOf(world.invites.preview(ada, first.token))).toBe("invite.expired");
      const second = await invite();
      const stranger = world.person([OTHER]);
      expect(await codeOf(world.invites.revoke(stranger, GUILD, second.inviteId))).toBe("guild.forbidden");
      expect(await codeOf(world.invites.revoke(stranger, OTHER, second.inviteId))).toBe("invite.not_found");
      await world.invites.revoke(admin, GUILD, second.inviteId);
      expect(await codeOf(world.invites.revoke(admin, GUILD, second.inviteId))).toBe("invite.not_found");
      expect(await codeOf(world.invites.accept(ada, second.token))).toBe("invite.not_found");
      const third = await invite();
      const gone = { removed_at: 1 };
      await world.database
        .tables<AlertsTables>()
        .updateTable("guilds")
        .set(gone)
        .where("guild_id", "=", GUILD)
        .execute();
      expect(await codeOf(world.invites.accept(ada, third.token))).toBe("invite.not_found");
      expect(await world.broadcasters.list(admin, GUILD)).toEqual([]);
    });

    it("are a hundred at most for one guild", async () => {
      for (let n = 0; n < 100; n += 1) await invite();
      expect(await codeOf(invite())).toBe("streamer.too_many");
      world.pass(HOUR);
      expect(await codeOf(invite())).toBe("ok");
    });
  });
});
