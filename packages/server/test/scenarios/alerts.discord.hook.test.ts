import { afterEach, describe, expect, test } from "vitest";
import { type DiscordWorld, startDiscordWorld } from "../support/discord.world.ts";
import { minute, until } from "../support/guild.house.ts";

const green = "1200000000000000001";
let world: DiscordWorld;
afterEach(() => world.stop());

const hook = () => `${world.server.url}/webhooks/discord`;
const counted = async (event: string) => {
  const page = await (await fetch(`${world.server.url}/metrics`)).text();
  return Number(new RegExp(`foyer_security_events_total\\{event="${event}",.*\\} (\\d+)`).exec(page)?.[1]);
};
const code = (text: string | undefined) => (JSON.parse(text ?? "{}") as { code?: string }).code;
const post = (headers: Record<string, string>, body: string) => fetch(hook(), { method: "POST", headers, body });

describe.each(["sqlite", "postgres"] as const)("what Discord sends by itself, on %s", (engine) => {
  test("is answered as Discord's portal wants it, or it would not be registered", async () => {
    world = await startDiscordWorld(engine);
    const { events } = world.discord;
    expect(await events.register(hook())).toBe(true);
    expect(await events.ping(hook(), "interaction")).toEqual({ status: 200, body: '{"type":1}' });
    expect(await events.ping(hook(), "event")).toEqual({ status: 204, body: "" });
    const command = await events.send(hook(), events.request({ type: 2, id: "1", data: { name: "live" } }));
    expect(JSON.parse(command?.body ?? "")).toMatchObject({
      type: 4,
      data: { flags: 64, allowed_mentions: { parse: [] } },
    });
  });

  test("the bot is removed: its destinations are off at once, and on when it is back", async () => {
    world = await startDiscordWorld(engine);
    const { events } = world.discord;
    await events.register(hook());
    const ada = await world.visitor("ada.d");
    const [channelId] = [...world.discord.world.guild(green).channels.keys()];
    await ada.ok("getGuild", [green]);
    await ada.ok("createDestination", [green], { kind: "discord", channelId });
    const state = async () =>
      (await ada.ok<{ items: { enabled: boolean; offReason: string | null }[] }>("listDestinations", [green])).items[0];
    world.discord.world.removeBot(green);
    expect(await events.event("GUILD_DELETE", { guild: { id: green } })).toBe(true);
    await until(async () => (await state())?.offReason === "bot_removed");
    expect(await ada.ok("getGuild", [green])).toMatchObject({ botInstalled: false });
    world.discord.world.addBot(green);
    await events.event("APPLICATION_AUTHORIZED", { integration_type: 0, guild: { id: green } });
    await until(async () => (await state())?.enabled === true);
    expect(await state()).toMatchObject({ enabled: true, offReason: null });
  });

  test("somebody takes back what they allowed: their link works no longer, and their roles go", async () => {
    world = await startDiscordWorld(engine);
    const { events, world: there } = world.discord;
    there.addBot(green, 84992n | (1n << 28n));
    await events.register(hook());
    const [ada, mallory] = [await world.visitor("ada.d"), await world.visitor("mallory")];
    const { streamerId } = await ada.ok<{ streamerId: string }>("addGuildStreamer", [green], { login: "ada" });
    await ada.ok("updateGuildConfig", [green], { mention: { kind: "followers" } });
    await mallory.ok("setPreference", [green, streamerId], { discord: true });
    const id = there.person("mallory").id;
    const roles = () => there.guild(green).members.get(id)?.roles.size;
    await until(async () => roles() === 1);
    // A hint alone changes nothing: what was allowed is still so.
    expect(await events.event("APPLICATION_DEAUTHORIZED", { user: { id } })).toBe(true);
    expect(await mallory.ok("getPreferences")).toMatchObject({ discordLinked: true });
    world.discord.revokeUser(id);
    await until(async () => (await mallory.ok<{ discordLinked: boolean }>("getPreferences")).discordLinked === false);
    await until(async () => roles() === 0);
  });
});

describe("forgeries", () => {
  const deauthorized = () => ({
    type: 1,
    event: { type: "APPLICATION_DEAUTHORIZED", timestamp: "x", data: { user: { id: "80351110224678912" } } },
  });

  test("are refused with 401, counted as security events, and change nothing", async () => {
    world = await startDiscordWorld("sqlite");
    const ada = await world.visitor("ada.d");
    await ada.ok("getGuild", [green]);
    const good = world.discord.events.request(deauthorized());
    const asked = world.discord.calls.of("guilds");
    const attempts: [Record<string, string>, string][] = [
      [{ ...good.headers, "x-signature-ed25519": "0".repeat(128) }, good.body],
      [{ ...good.headers, "x-signature-ed25519": "" }, good.body],
      [{ ...good.headers, "x-signature-timestamp": "1" }, good.body],
      [good.headers, good.body.replace("1", "2")],
      [{ "content-type": "application/json" }, good.body],
    ];
    for (const [headers, body] of attempts) {
      const answer = await post(headers, body);
      expect([answer.status, code(await answer.text())]).toEqual([401, "webhook.signature_invalid"]);
    }
    expect(await counted("signature.refused")).toBe(attempts.length);
    expect(world.discord.calls.of("guilds")).toBe(asked);
    expect((await post(good.headers, good.body)).status).toBe(204);
  });

  test("recordings are refused when they are old, and find out nothing while they are young", async () => {
    world = await startDiscordWorld("sqlite");
    const ada = await world.visitor("ada.d");
    const recorded = world.discord.events.request(deauthorized());
    for (let at = 0; at < 3; at++) expect((await post(recorded.headers, recorded.body)).status).toBe(204);
    expect(await ada.ok("getGuild", [green])).toMatchObject({ botInstalled: true });
    world.clock.advance(11 * minute);
    const late = await post(recorded.headers, recorded.body);
    expect([late.status, code(await late.text())]).toEqual([403, "webhook.too_old"]);
  });

  test("too much at once is not read, and what Discord has to be asked for and cannot be comes again", async () => {
    world = await startDiscordWorld("sqlite");
    await world.visitor("ada.d");
    const large = world.discord.events.request({ type: 1, padding: "x".repeat(70_000) });
    expect((await post(large.headers, large.body)).status).toBe(413);
    world.discord.fault({ kind: "unavailable", operation: "guilds" });
    const { headers, body } = world.discord.events.request(deauthorized());
    expect((await post(headers, body)).status).toBe(503);
    world.discord.clearFaults();
    expect((await post(headers, body)).status).toBe(204);
  });

  test("without a public key nothing is believed", async () => {
    world = await startDiscordWorld("sqlite", { env: { DISCORD_PUBLIC_KEY: "" } });
    const { headers, body } = world.discord.events.request({ type: 1 });
    const answer = await post(headers, body);
    expect([answer.status, code(await answer.text())]).toEqual([404, "alerts.not_configured"]);
  });
});
