import type { Delivery, Destination, Message, Streamer } from "@foyer/protocol";
import { type PushSimulator, startPush } from "@foyer/simulators/push";
import { startReceiver, type WebhookReceiver } from "@foyer/simulators/receiver";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type DiscordVisitor, type DiscordWorld, startDiscordWorld } from "../support/discord.world.ts";
import { callEndpoint } from "../support/people.ts";

const patient = { timeout: 30_000, interval: 50 };

describe.each(["sqlite", "postgres"] as const)("from Twitch to everybody, on %s", (engine) => {
  let world: DiscordWorld;
  let push: PushSimulator;
  let receiver: WebhookReceiver;
  let manager: DiscordVisitor;
  let guildId: string;
  let channelId: string;
  let phone: ReturnType<PushSimulator["subscribe"]>;
  let streamer: Streamer;

  const asOwner = async <T>(
    name: Parameters<typeof callEndpoint>[1],
    path: string[] = [],
    body?: unknown,
    query = "",
  ) => {
    const { token } = world.owner;
    const answer = await callEndpoint(world.server.url, name, {
      token,
      path,
      query,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  };
  const inRoom = async () => {
    const { messages } = await asOwner<{ messages: Message[] }>("listMessages", ["general"]);
    return messages.filter(({ author }) => author.handle === "foyer");
  };
  const posted = () => world.discord.messages(channelId);
  const hooks = () => receiver.taken("overlay");
  const types = () => hooks().map(({ body }) => (body as { type: string }).type);

  beforeAll(async () => {
    world = await startDiscordWorld(engine, { env: { OUTGOING_NETWORKS: "127.0.0.0/8" } });
    [push, receiver] = await Promise.all([startPush(), startReceiver({ now: world.clock.now })]);
    manager = await world.visitor("ada.d");
    const guild = world.discord.world.addGuild({
      name: "The Lighthouse",
      members: ["ada.d"],
      owner: "ada.d",
      bot: ["viewChannel", "sendMessages", "embedLinks", "readHistory"],
    });
    guildId = guild.id;
    channelId = world.discord.world.addChannel(guild.id, { name: "live" }).id;
    world.clock.advance(6 * 60_000);

    await manager.ok("createDestination", [guildId], { kind: "discord", channelId });
    streamer = await manager.ok<Streamer>("addGuildStreamer", [guildId], { login: "ada" });
    await asOwner("addGuildStreamer", ["here"], { login: "https://www.twitch.tv/Ada" });
    await asOwner("createDestination", ["here"], { kind: "room", roomId: "general" });
    await asOwner("createDestination", ["here"], { kind: "push" });
    const hook = await asOwner<Destination & { secret: string }>("createDestination", ["here"], {
      kind: "webhook",
      url: receiver.address("overlay"),
    });
    receiver.expect("overlay", hook.secret);
    const { publicKey } = await asOwner<{ publicKey: string }>("getPushKey");
    phone = push.subscribe({ senderKey: publicKey });
    await asOwner("addPushDevice", [], phone.json());
    await vi.waitFor(async () => {
      const { items } = await asOwner<{ items: Streamer[] }>("listGuildStreamers", ["here"]);
      if (items[0]?.hearing !== "ok") throw new Error("Twitch does not tell yet");
    }, patient);
  });
  afterAll(async () => {
    await world.stop();
    await Promise.all([push.close(), receiver.close()]);
  });

  test("going live reaches a channel, a room, a phone and a webhook, once each, and pings nobody", async () => {
    world.twitch.changeChannel("ada", { title: "@everyone **free** <@&1>", game: "Chess" });
    world.twitch.goLive("ada", {});
    await vi.waitFor(async () => {
      expect(posted()).toHaveLength(1);
      expect(await inRoom()).toHaveLength(1);
      expect(phone.messages).toHaveLength(1);
      expect(types()).toContain("stream.online");
    }, patient);
    const [message] = posted();
    expect(message?.pings).toEqual({ everyone: false, roles: [], users: [] });
    expect((await inRoom())[0]?.message).toContain("Ada");
    expect((await inRoom())[0]?.message).not.toContain("@everyone");
    expect(JSON.parse(phone.messages[0]?.text() ?? "{}")).toMatchObject({ title: "Ada is live" });
    const { items } = await asOwner<{ items: { roomId: string; streamer: Streamer }[] }>("listLive");
    expect(items).toMatchObject([{ roomId: "general", streamer: { login: "ada", live: { game: "Chess" } } }]);
  });

  test("what Twitch sends again changes nothing", async () => {
    world.twitch.flap("ada", {});
    world.twitch.flap("ada", {});
    await vi.waitFor(async () => {
      const { items } = await asOwner<{ items: { streamer: Streamer }[] }>("listLive");
      expect(items).toHaveLength(1);
    }, patient);
    expect(posted()).toHaveLength(1);
    expect(phone.messages).toHaveLength(1);
    expect(types().filter((type) => type === "stream.online")).toHaveLength(1);
  });

  test("another title and game are shown where the alert stands already", async () => {
    world.clock.advance(10 * 60_000);
    world.twitch.changeChannel("ada", { title: "Endgames", game: "Go" });
    await vi.waitFor(async () => {
      expect(JSON.stringify(posted()[0]?.embeds ?? posted()[0])).toContain("Endgames");
      expect((await inRoom())[0]?.message).toContain("Endgames");
      expect(types()).toContain("stream.updated");
    }, patient);
    expect(posted()).toHaveLength(1);
    expect(await inRoom()).toHaveLength(1);
    expect(phone.messages).toHaveLength(1);
  });

  test("the end turns it into a recap, and the history shows how fast it was", async () => {
    world.twitch.endStream("ada");
    await vi.waitFor(async () => {
      expect(posted()[0]?.content).toContain("was live");
      expect((await inRoom())[0]?.message).toContain("was live");
      expect(types()).toContain("stream.offline");
    }, patient);
    expect(posted()).toHaveLength(1);
    const history = await manager.ok<{ items: Delivery[] }>("listDeliveries", [guildId]);
    expect(history.items).toMatchObject([{ kind: "discord", state: "sent", streamerName: "Ada" }]);
    expect(history.items[0]?.latencyMs).toBeGreaterThanOrEqual(0);
    const figures = await manager.ok<{ sent: number; failed: number }>("getAnalytics", [guildId]);
    expect(figures).toMatchObject({ sent: 1, failed: 0 });
    expect(receiver.refused()).toEqual([]);
  });

  test("somebody who manages nothing reaches for everything, and gets nothing", async () => {
    const stranger = await world.visitor("mallory");
    const [own] = (await manager.ok<{ items: Destination[] }>("listDestinations", [guildId])).items;
    const [delivery] = (await manager.ok<{ items: Delivery[] }>("listDeliveries", [guildId])).items;
    const message = { content: "x", embed: null };
    const template = { live: message, recap: message };
    for (const guild of [guildId, "here"]) {
      const tries = [
        stranger.call("listDestinations", [guild]),
        stranger.call("createDestination", [guild], { kind: "push" }),
        stranger.call("updateDestination", [guild, own?.destinationId ?? ""], { enabled: false }),
        stranger.call("deleteDestination", [guild, own?.destinationId ?? ""]),
        stranger.call("testDestination", [guild, own?.destinationId ?? ""]),
        stranger.call("listOverrides", [guild, own?.destinationId ?? ""]),
        stranger.call("setOverride", [guild, own?.destinationId ?? "", streamer.streamerId], {
          enabled: false,
          template: null,
          mention: null,
        }),
        stranger.call("previewAlert", [guild], { template }),
        stranger.call("listGuildStreamers", [guild]),
        stranger.call("addGuildStreamer", [guild], { login: "bo_live" }),
        stranger.call("removeGuildStreamer", [guild, streamer.streamerId]),
        stranger.call("createStreamerInvite", [guild], {}),
        stranger.call("listDeliveries", [guild]),
        stranger.call("getDelivery", [guild, delivery?.deliveryId ?? ""]),
        stranger.call("retryDelivery", [guild, delivery?.deliveryId ?? ""]),
        stranger.call("getAnalytics", [guild]),
        stranger.call("updateGuildConfig", [guild], { endAction: "delete" }),
      ];
      for (const answer of await Promise.all(tries)) expect(answer.body).toMatchObject({ code: "guild.forbidden" });
    }
    // Whoever manages one server reaches nothing of another by its ids.
    const reach = [
      callEndpoint(world.server.url, "updateDestination", {
        token: world.owner.token,
        path: ["here", own?.destinationId ?? ""],
        body: { enabled: false },
      }),
      callEndpoint(world.server.url, "deleteDestination", {
        token: world.owner.token,
        path: ["here", own?.destinationId ?? ""],
      }),
      callEndpoint(world.server.url, "getDelivery", {
        token: world.owner.token,
        path: ["here", delivery?.deliveryId ?? ""],
      }),
      callEndpoint(world.server.url, "retryDelivery", {
        token: world.owner.token,
        path: ["here", delivery?.deliveryId ?? ""],
      }),
    ];
    for (const answer of await Promise.all(reach)) expect(answer.status).toBe(404);
    expect((await manager.ok<{ items: Destination[] }>("listDestinations", [guildId])).items).toMatchObject([
      { enabled: true },
    ]);
  });

  test("wrong targets are refused: another server's channel, no such room, an address inside, the same again", async () => {
    const other = world.discord.world.addGuild({ name: "Elsewhere", members: [], bot: ["viewChannel"] });
    const foreign = world.discord.world.addChannel(other.id, { name: "theirs" }).id;
    const create = (guild: string, body: object) =>
      callEndpoint(world.server.url, "createDestination", { token: world.owner.token, path: [guild], body });
    const codes = [
      (await manager.call("createDestination", [guildId], { kind: "discord", channelId: foreign })).body,
      (await manager.call("createDestination", [guildId], { kind: "room", roomId: "general" })).body,
      (await manager.call("createDestination", [guildId], { kind: "discord", channelId })).body,
      (await create("here", { kind: "room", roomId: "nowhere" })).body,
      (await create("here", { kind: "discord", channelId })).body,
      (await create("here", { kind: "webhook", url: "https://169.254.169.254/latest" })).body,
      (await create("here", { kind: "push" })).body,
    ].map((body) => (body as unknown as { code: string }).code);
    expect(codes).toEqual([
      "destination.target_invalid",
      "destination.target_invalid",
      "destination.exists",
      "destination.target_invalid",
      "destination.target_invalid",
      "destination.blocked_address",
      "destination.exists",
    ]);
  });

  test("a test is sent for real, says that it is one, and mentions nobody", async () => {
    const before = posted().length;
    const [own] = (await manager.ok<{ items: Destination[] }>("listDestinations", [guildId])).items;
    expect(await manager.ok("testDestination", [guildId, own?.destinationId ?? ""])).toMatchObject({ ok: true });
    expect(posted()).toHaveLength(before + 1);
    expect(posted().at(-1)).toMatchObject({ pings: { everyone: false, roles: [], users: [] } });
    expect(posted().at(-1)?.content).toMatch(/^Test: /);
    world.discord.world.deleteChannel(channelId);
    expect(await manager.ok("testDestination", [guildId, own?.destinationId ?? ""])).toMatchObject({
      ok: false,
      reason: "channel_gone",
    });
  });
});
