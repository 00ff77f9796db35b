import type { EndpointName, Guild, GuildChannel, Streamer } from "@foyer/protocol";
import { routes } from "@foyer/protocol/routes";
import { afterEach, expect, test } from "vitest";
import { type DiscordVisitor, type DiscordWorld, startDiscordWorld } from "../support/discord.world.ts";
import { minute, until } from "../support/guild.house.ts";
import { callEndpoint } from "../support/people.ts";

const green = "1200000000000000001";
const second = "1200000000000000002";
const third = "1200000000000000003";

let world: DiscordWorld;
afterEach(() => world.stop());

const code = (answer: { body: never }) => (answer.body as { code?: string } | null)?.code;
const counted = async (event: string) => {
  const page = await (await fetch(`${world.server.url}/metrics`)).text();
  return Number(new RegExp(`foyer_security_events_total\\{event="${event}",.*\\} (\\d+)`).exec(page)?.[1]);
};

/** A body that passes the schema of its operation, where one is needed. */
const bodies: Partial<Record<EndpointName, object>> = {
  updateGuildConfig: { maxEdits: 0 },
  addGuildStreamer: { login: "ada" },
  createStreamerInvite: {},
  createDestination: { kind: "push" },
  updateDestination: { enabled: false },
  setOverride: { enabled: false, template: null, mention: null },
  previewAlert: { template: null },
};
const ofGuild = (Object.keys(routes) as EndpointName[]).filter((name) =>
  routes[name].path.startsWith("/api/guilds/{guildId}"),
);
const someId = "0199c0de-0000-7abc-8def-0123456789ab";
const parts = (name: EndpointName) => routes[name].path.match(/\{\w+\}/g)?.length ?? 0;

test.each(["sqlite", "postgres"] as const)(
  "on %s: from nothing to a guild with its channels, roles and streamers",
  async (engine) => {
    world = await startDiscordWorld(engine);
    const ada = await world.visitor("ada.d");
    const { items } = await ada.ok<{ items: Guild[] }>("listGuilds");
    expect(items.map(({ name, botInstalled }) => [name, botInstalled])).toEqual([
      ["The Green Room", true],
      ["Second Stage", false],
    ]);
    expect(code(await ada.call("listChannels", [second]))).toBe("guild.bot_missing");
    expect(await ada.ok("alertsStatus")).toMatchObject({
      discord: { configured: true, botWorks: true, botName: "Foyer" },
      linked: { discord: true, twitch: false },
    });

    // Somebody who may not manage it at Discord cannot add the bot; who may, can, with what the link asks for.
    const link = (await ada.ok<Guild>("getGuild", [second])).installUrl ?? "";
    expect((await fetch(`${link}&person=mallory`)).status).toBe(403);
    expect((await fetch(`${link}&person=ada.d`)).status).toBe(200);
    world.clock.advance(3000);
    expect(await ada.ok("getGuild", [second])).toMatchObject({ botInstalled: true });
    const channels = await ada.ok<{ items: GuildChannel[] }>("listChannels", [second]);
    expect(channels.items.map(({ name, missing }) => [name, missing])).toEqual([
      ["announcements", []],
      ["general", []],
    ]);
    expect((await ada.ok<{ items: unknown[] }>("listRoles", [second])).items).toHaveLength(1);

    await ada.ok("addGuildStreamer", [second], { login: "bo_live" });
    const destination = { kind: "discord", channelId: channels.items[0]?.channelId };
    expect(await ada.ok("createDestination", [second], destination)).toMatchObject({ enabled: true });
    // A channel of another guild leads nowhere, though the bot could write to it.
    const foreign = [...world.discord.world.guild(green).channels.keys()][0];
    const stolen = await ada.call("createDestination", [second], { kind: "discord", channelId: foreign });
    expect(code(stolen)).toBe("destination.target_invalid");
  },
);

test.each(["sqlite", "postgres"] as const)(
  "on %s: what is revoked in Discord is refused after the cache, and recorded",
  async (engine) => {
    world = await startDiscordWorld(engine);
    const ada = await world.visitor("ada.d");
    await ada.ok("updateGuildConfig", [green], { maxEdits: 3 });
    world.discord.world.guild(green).ownerId = world.discord.world.person("mallory").id;
    world.clock.advance(5 * minute + 1);
    const before = await counted("access.denied");
    const refused = await ada.call("updateGuildConfig", [green], { maxEdits: 9 });
    expect([refused.status, code(refused)]).toEqual([403, "guild.forbidden"]);
    expect(await counted("access.denied")).toBe(before + 1);
    const mallory = await world.visitor("mallory");
    expect(await mallory.ok("getGuildConfig", [green])).toMatchObject({ maxEdits: 3 });
    const audit = await callEndpoint(world.server.url, "listAudit", { token: world.owner.token, query: "?limit=50" });
    const entries = (audit.body as { items: { action: string; actorId?: string; actor?: { accountId: string } }[] })
      .items;
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(["guild.configured", "access.denied"]));
  },
);

test("nobody reaches into a guild that they do not manage, by any operation", async () => {
  world = await startDiscordWorld("sqlite", { discord: { guilds: threeGuilds } });
  const [ada, mallory] = [await world.visitor("ada.d"), await world.visitor("mallory")];
  await ada.ok("getGuild", [green]);
  await ada.ok("addGuildStreamer", [green], { login: "ada" });
  expect(ofGuild.length).toBeGreaterThan(20);
  for (const name of ofGuild) {
    const rest = Array.from({ length: parts(name) - 1 }, () => someId);
    // Mallory is a member of the one, no member of the other, and manages a third.
    for (const guildId of [green, second, "1200000000000009999"]) {
      const answer = await mallory.call(name, [guildId, ...rest], bodies[name]);
      expect([name, guildId, answer.status, code(answer)]).toEqual([name, guildId, 403, "guild.forbidden"]);
    }
    const here = await mallory.call(name, ["here", ...rest], bodies[name]);
    expect([name, "here", here.status, code(here)]).toEqual([name, "here", 403, "guild.forbidden"]);
    const stranger = await callEndpoint(world.server.url, name, { path: [green, ...rest], body: bodies[name] });
    expect([name, stranger.status]).toEqual([name, 401]);
  }
  expect(await mallory.ok("getGuild", [third])).toMatchObject({ name: "Mallory's" });
  expect((await ada.ok<{ items: Streamer[] }>("listGuildStreamers", [green])).items).toHaveLength(1);
});

test("whoever manages one guild cannot reach what belongs to another through it", async () => {
  world = await startDiscordWorld("sqlite", { discord: { guilds: threeGuilds } });
  const [ada, mallory] = [await world.visitor("ada.d"), await world.visitor("mallory")];
  const [channelId] = [...world.discord.world.guild(green).channels.keys()];
  const { streamerId } = await ada.ok<{ streamerId: string }>("addGuildStreamer", [green], { login: "ada" });
  const { destinationId } = await ada.ok<{ destinationId: string }>("createDestination", [green], {
    kind: "discord",
    channelId,
  });
  const { inviteId } = await ada.ok<{ inviteId: string }>("createStreamerInvite", [green], {});
  await mallory.ok("getGuild", [third]);

  const attempts: [EndpointName, string[], object?][] = [
    ["updateDestination", [third, destinationId], { enabled: false }],
    ["deleteDestination", [third, destinationId]],
    ["testDestination", [third, destinationId]],
    ["listOverrides", [third, destinationId]],
    ["setOverride", [third, destinationId, streamerId], bodies.setOverride],
    ["removeGuildStreamer", [third, streamerId]],
    ["revokeStreamerInvite", [third, inviteId]],
    ["getDelivery", [third, destinationId]],
    ["retryDelivery", [third, destinationId]],
    ["createDestination", [third], { kind: "discord", channelId }],
    [
      "updateGuildConfig",
      [third],
      { mention: { kind: "role", roleId: [...world.discord.world.guild(green).roles.keys()][1] } },
    ],
    ["setPreference", [second, streamerId], { push: true }],
  ];
  for (const [name, path, body] of attempts) {
    const answer = await mallory.call(name, path, body);
    expect([name, answer.status >= 400 && answer.status < 500]).toEqual([name, true]);
  }
  expect(world.discord.allMessages()).toEqual([]);
  expect((await ada.ok<{ items: object[] }>("listDestinations", [green])).items).toMatchObject([
    { destinationId, enabled: true },
  ]);
  expect((await ada.ok<{ items: object[] }>("listStreamerInvites", [green])).items).toHaveLength(1);
});

test("a link that is taken away takes the guilds along at once", async () => {
  world = await startDiscordWorld("sqlite");
  const ada = await world.visitor("ada.d");
  await ada.ok("getGuild", [green]);
  // Discord tells nobody: the next use after the cache shows it.
  world.discord.revokeUser(world.discord.world.person("ada.d").id);
  world.clock.advance(5 * minute + 1);
  expect(code(await ada.call("getGuild", [green]))).toBe("link.sign_in_again");
  expect(await ada.ok("getPreferences")).toMatchObject({ discordLinked: false });
  const again = await world.visitor("ada.d");
  expect(again.accountId).toBe(ada.accountId);
  expect(await again.ok("getGuild", [green])).toMatchObject({ name: "The Green Room" });
});

test("followers: an opt-out over HTTP takes the role away in Discord, and leaves others' alone", async () => {
  world = await startDiscordWorld("sqlite");
  world.discord.world.addBot(green, 84992n | (1n << 28n));
  const [ada, mallory] = [await world.visitor("ada.d"), await world.visitor("mallory")];
  const { streamerId } = await ada.ok<{ streamerId: string }>("addGuildStreamer", [green], { login: "ada" });
  await ada.ok("updateGuildConfig", [green], { mention: { kind: "followers" } });
  const rolesOf = (login: string) =>
    [...(world.discord.world.guild(green).members.get(world.discord.world.person(login).id)?.roles ?? [])].length;
  const choose = (who: DiscordVisitor, discord: boolean) => who.ok("setPreference", [green, streamerId], { discord });
  expect(await choose(mallory, true)).toMatchObject({ discord: true });
  await choose(ada, true);
  await until(async () => rolesOf("mallory") === 1 && rolesOf("ada.d") === 1);
  await choose(mallory, false);
  await until(async () => rolesOf("mallory") === 0);
  expect(rolesOf("ada.d")).toBe(1);
  expect(await mallory.ok("getPreferences")).toMatchObject({ items: [{ discord: false }] });
  // An account that is deleted leaves nothing behind in Discord either.
  expect((await callEndpoint(world.server.url, "getPreferences", { token: world.owner.token })).body).toMatchObject({
    items: [],
    discordLinked: false,
  });
});

const threeGuilds = [
  { id: green, name: "The Green Room", members: ["ada.d", "mallory"] },
  { id: second, name: "Second Stage", members: ["ada.d"] },
  { id: third, name: "Mallory's", members: ["mallory"] },
];
