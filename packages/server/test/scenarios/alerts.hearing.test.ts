import type { AlertsStatus, Streamer, StreamerInvite } from "@foyer/protocol";
import { startTwitch, type TwitchSimulator } from "@foyer/simulators/twitch";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { startOutside } from "../support/outside.ts";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { startServerProcess, withoutLimits } from "../support/server.process.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";

const limits = { LIMIT_API_PER_MINUTE: "0", LIMIT_REQUESTS_PER_MINUTE: "0" };
const until = (check: () => Promise<void> | void, ms = 20_000) => vi.waitFor(check, { timeout: ms, interval: 50 });

/** What the server itself has said in the room, oldest first. */
async function saidIn(origin: string, token: string, roomId = "general"): Promise<string[]> {
  const { body } = await callEndpoint(origin, "listMessages", { token, path: [roomId] });
  return (body as { messages: { message: string }[] }).messages.map(({ message }) => message);
}

async function toRoom(owner: Person): Promise<void> {
  const made = await owner.call("createDestination", ["here"], { kind: "room", roomId: "general" });
  expect(made.status).toBe(201);
}

async function hearing(owner: Person): Promise<AlertsStatus["twitch"]> {
  return ((await owner.call("alertsStatus")).body as AlertsStatus).twitch;
}

describe.each([
  ["sqlite", "conduit"],
  ["postgres", "webhook"],
] as const)("a server on %s that hears by %s", (engine, transport) => {
  let twitch: TwitchSimulator;
  let server: TestServer;
  let owner: Person;
  beforeEach(async () => {
    twitch = await startTwitch();
    server = await startTestServer({
      engine,
      env: { ...twitch.environment, ...limits, TWITCH_EVENTSUB_TRANSPORT: transport },
    });
    owner = await registerPerson(server.url, "owner");
  });
  afterEach(async () => {
    await server.stop();
    await twitch.close();
  });

  it("goes from nothing to an alert", async () => {
    await until(async () => {
      expect(await hearing(owner)).toMatchObject({ configured: true, transport, state: "ok", problem: null });
    });
    const added = await owner.call("addGuildStreamer", ["here"], { login: "https://www.twitch.tv/Ada" });
    expect(added.status).toBe(201);
    const { streamerId } = added.body as Streamer;
    await toRoom(owner);
    await until(async () => {
      expect((await owner.call("getStreamer", [streamerId])).body).toMatchObject({ login: "ada", hearing: "ok" });
      expect(await hearing(owner)).toMatchObject({ state: "ok", eventSubSubscriptions: 3 });
    });

    twitch.goLive("ada", { title: "First moves", game: "Chess", viewers: 5 });
    await until(async () => {
      const said = await saidIn(server.url, owner.token);
      expect(said).toHaveLength(1);
      expect(said[0]).toContain("First moves");
    });
    const { body } = await owner.call("listGuildStreamers", ["here"]);
    expect((body as { items: Streamer[] }).items).toMatchObject([
      { login: "ada", live: { title: "First moves", game: "Chess", url: "https://www.twitch.tv/ada" } },
    ]);
    twitch.endStream("ada");
    await until(async () => expect((await owner.call("getStreamer", [streamerId])).body).toMatchObject({ live: null }));

    expect((await owner.call("removeGuildStreamer", ["here", streamerId])).status).toBe(204);
    await until(() => expect(twitch.eventsub.subscriptions.all()).toEqual([]));
  });

  it("lets nobody but its admins say who is announced", async () => {
    const member = await registerPerson(server.url, "member");
    const codes = await Promise.all(
      (
        [
          ["addGuildStreamer", ["here"], { login: "ada" }],
          ["listGuildStreamers", ["here"]],
          ["createStreamerInvite", ["here"], {}],
          ["listStreamerInvites", ["here"]],
        ] as const
      ).map(async ([name, path, body]) => {
        const { body: problem } = await member.call(name, path, body);
        return (problem as { code: string }).code;
      }),
    );
    expect(codes).toEqual(codes.map(() => "guild.forbidden"));
    expect((await member.call("listStreamers")).body).toEqual({ items: [] });
    expect((await callEndpoint(server.url, "alertsStatus")).status).toBe(401);
  });
});

test("a streamer who was invited comes with the Twitch account that they are linked with", async () => {
  const world = await startOutside({ env: limits });
  try {
    const home = world.server.url;
    const owner = await registerPerson(home, "owner");
    const made = await owner.call("createStreamerInvite", ["here"], { maxUses: 1 });
    const { token = "", url } = made.body as StreamerInvite;
    expect(url).toBe(`${home}/streamers/invite/${token}`);

    const stranger = await registerPerson(home, "stranger");
    expect((await callEndpoint(home, "getStreamerInvite", { path: [token] })).body).toMatchObject({
      twitchLinked: false,
      twitchName: null,
    });
    expect((await stranger.call("acceptStreamerInvite", [token])).body).toMatchObject({
      code: "streamer.needs_twitch",
    });

    const browser = world.browser();
    await world.signIn(browser, "/auth/twitch", "ada");
    const send = (method: string, path: string) => browser.send(method, `${home}${path}`);
    const preview = await send("GET", `/api/streamers/invites/${token}`);
    expect(preview.json).toMatchObject({ twitchLinked: true, twitchName: "Ada" });
    const accepted = await send("POST", `/api/streamers/invites/${token}/accept`);
    expect(accepted.status).toBe(200);
    expect(accepted.json).toMatchObject({ login: "ada", addedBy: "invite" });
    const listed = await owner.call("listGuildStreamers", ["here"]);
    expect((listed.body as { items: Streamer[] }).items).toMatchObject([{ login: "ada" }]);
    expect((await owner.call("listStreamerInvites", ["here"])).body).toEqual({ items: [] });
    expect((await callEndpoint(home, "getStreamerInvite", { path: [token] })).body).toMatchObject({
      code: "invite.expired",
    });
  } finally {
    await world.stop();
  }
});

test("an alert that EventSub told to nobody, since the server was killed, is sent at the start: once", async () => {
  const twitch = await startTwitch();
  const server = await startServerProcess({
    env: { ...withoutLimits, ...limits, ...twitch.environment, LOG_LEVEL: "warn" },
  });
  try {
    const owner = await registerPerson(server.origin, "owner");
    await owner.call("addGuildStreamer", ["here"], { login: "ada" });
    await owner.call("addGuildStreamer", ["here"], { login: "bo_live" });
    await toRoom(owner);
    await until(async () => expect(await hearing(owner)).toMatchObject({ state: "ok", eventSubSubscriptions: 6 }));
    twitch.goLive("bo_live", { title: "Before" });
    await until(async () => expect(await saidIn(server.origin, owner.token)).toHaveLength(1));

    await server.kill();
    twitch.goLive("ada", { title: "Nobody heard it" });
    await twitch.eventsub.dispatch.settled();
    for (let start = 0; start < 3; start += 1) {
      await server.start();
      await until(async () => {
        const said = await saidIn(server.origin, owner.token);
        expect(said.filter((text) => text.includes("Nobody heard it"))).toHaveLength(1);
        expect(await hearing(owner)).toMatchObject({ state: "ok" });
      }, 40_000);
      await server.kill();
    }
    await server.start();
    expect(await saidIn(server.origin, owner.token)).toHaveLength(2);
    // Nothing of what happened at Twitch is a secret, but the application's is.
    expect(server.output()).not.toContain(twitch.app.clientSecret);
  } finally {
    await server.dispose();
    await twitch.close();
  }
});
