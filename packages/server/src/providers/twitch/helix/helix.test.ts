import { afterEach, describe, expect, it } from "vitest";
import {
  type ScriptedAnswer,
  type ScriptedHttp,
  type ScriptedRequest,
  scriptedHttp,
} from "../../../../test/support/scripted.http.ts";
import { createIds, systemClock } from "../../../platform/clock/clock.ts";
import { silentLogger } from "../../../platform/logs/logger.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { createTwitch } from "../twitch.alerts.ts";
import { createHelixBudget } from "./helix.budget.ts";

const stream = (id: number, more: object = {}) => ({
  id: `s${id}`,
  user_id: String(id),
  user_login: `u${id}`,
  user_name: `U${id}`,
  game_name: "Chess",
  type: "live",
  title: "Hello",
  tags: ["English"],
  viewer_count: 7,
  started_at: "2026-11-01T10:00:00Z",
  language: "en",
  thumbnail_url: "https://static.example/{width}x{height}.jpg",
  ...more,
});

describe("Helix", () => {
  let http: ScriptedHttp;
  afterEach(() => http.close());

  /** The API against a server that answers by `script`; the sign-in host gives a new token at each call. */
  async function api(script: (request: ScriptedRequest) => ScriptedAnswer) {
    let tokens = 0;
    http = await scriptedHttp((request) => {
      if (request.path !== "/oauth2/token") return script(request);
      tokens += 1;
      return { json: { access_token: `token-${tokens}`, expires_in: 5_000_000, token_type: "bearer" } };
    });
    const metrics = createMetrics({ process: false });
    const twitch = createTwitch({
      services: {
        TWITCH_CLIENT_ID: "client",
        TWITCH_CLIENT_SECRET: "hush",
        TWITCH_ID_URL: http.url,
        TWITCH_API_URL: http.url,
      },
      secret: "0123456789",
      clock: systemClock,
      ids: { ...createIds(systemClock), fraction: () => 0 },
      log: silentLogger(),
      metrics,
    });
    if (twitch === undefined) throw new Error("Twitch is configured");
    return twitch.api;
  }

  it("asks by the application's token, which is fetched once for all who need it at the same time", async () => {
    const twitch = await api(() => ({ json: { data: [] } }));
    await Promise.all([twitch.streams(["1"]), twitch.conduits(), twitch.usersByIds(["1"])]);
    expect(http.to("/oauth2/token").map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
      { grant_type: "client_credentials", client_id: "client", client_secret: "hush" },
    ]);
    expect(http.to("/helix/streams")[0]?.headers).toMatchObject({
      authorization: "Bearer token-1",
      "client-id": "client",
    });
  });

  it("renews the token once Twitch refuses it, and asks the same again", async () => {
    const twitch = await api(({ headers }) =>
      headers.authorization === "Bearer token-1"
        ? { status: 401, json: { message: "Invalid OAuth token" } }
        : { json: { data: [stream(1)] } },
    );
    expect(await twitch.streams(["1"])).toHaveLength(1);
    expect(await twitch.streams(["1"])).toHaveLength(1);
    expect(http.to("/oauth2/token")).toHaveLength(2);
    expect(http.to("/helix/streams").map(({ headers }) => headers.authorization)).toEqual([
      "Bearer token-1",
      "Bearer token-2",
      "Bearer token-2",
    ]);
  });

  it("gives up after some tries with a stable error, also when no token is good", async () => {
    const twitch = await api(() => ({ status: 401 }));
    await expect(twitch.streams(["1"])).rejects.toMatchObject({ code: "provider.unavailable" });
    expect(http.to("/helix/streams")).toHaveLength(4);
  });

  it("says which variables are wrong when Twitch does not know the application", async () => {
    http = await scriptedHttp(() => ({ status: 403, json: { status: 403, message: "invalid client secret" } }));
    const { url } = http;
    const twitch = createTwitch({
      services: { TWITCH_CLIENT_ID: "a", TWITCH_CLIENT_SECRET: "b", TWITCH_ID_URL: url, TWITCH_API_URL: url },
      secret: "0123456789",
      clock: systemClock,
      ids: createIds(systemClock),
      log: silentLogger(),
      metrics: createMetrics({ process: false }),
    });
    await expect(twitch?.api.streams(["1"])).rejects.toMatchObject({
      code: "provider.unavailable",
      message: "Twitch does not take TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET.",
    });
    expect(http.requests).toHaveLength(1);
  });

  it("tries again after a fault of Twitch", async () => {
    let faults = 2;
    const twitch = await api(() => (faults-- > 0 ? { status: 503 } : { json: { data: [stream(1)] } }));
    expect(await twitch.streams(["1"])).toHaveLength(1);
  });

  it("asks for streams in pages of a hundred and leaves out an entry that is not in order", async () => {
    const twitch = await api(({ query }) => ({
      json: {
        data: query
          .getAll("user_id")
          .map(Number)
          .map((id) => (id === 3 ? { id: 3 } : id === 4 ? stream(4, { type: "" }) : stream(id))),
      },
    }));
    const ids = Array.from({ length: 230 }, (_, index) => String(index + 1));
    const found = await twitch.streams(ids);
    expect(http.to("/helix/streams").map(({ query }) => query.getAll("user_id").length)).toEqual([100, 100, 30]);
    expect(found).toHaveLength(228);
    expect(found[0]).toEqual({
      twitchId: "1",
      twitchStreamId: "s1",
      title: "Hello",
      game: "Chess",
      language: "en",
      tags: ["English"],
      viewers: 7,
      startedAt: Date.parse("2026-11-01T10:00:00Z"),
      thumbnailUrl: "https://static.example/{width}x{height}.jpg",
    });
    expect(await twitch.streams([])).toEqual([]);
    expect(http.to("/helix/streams")).toHaveLength(3);
  });

  it("waits for a channel no longer than it is told", async () => {
    const twitch = await api(() => ({ hang: true }));
    await expect(twitch.channel("1", 50)).rejects.toMatchObject({ code: "provider.unavailable" });
  });

  it("finds the recording of one stream, not of another one of the same channel", async () => {
    const videos = [
      { id: "9", stream_id: "s2", url: "https://www.twitch.tv/videos/9" },
      { id: "8", stream_id: "s1", url: "https://www.twitch.tv/videos/8" },
    ];
    const twitch = await api(() => ({ json: { data: videos } }));
    expect(await twitch.recording("1", "s1")).toBe("https://www.twitch.tv/videos/8");
    expect(await twitch.recording("1", "s3")).toBeUndefined();
    expect(http.to("/helix/videos")[0]?.query.get("type")).toBe("archive");
  });

  it("lists all subscriptions page by page, and makes one that may exist already", async () => {
    const entry = (id: string) => ({
      id,
      type: "stream.online",
      version: "1",
      status: "enabled",
      condition: { broadcaster_user_id: "1" },
      transport: { method: "conduit", conduit_id: "c1" },
      created_at: "2026-11-01T10:00:00.123456789Z",
      cost: 0,
    });
    const answers: ScriptedAnswer[] = [
      { json: { data: [entry("a")], pagination: { cursor: "more" } } },
      { json: { data: [entry("b")], pagination: {} } },
      { status: 202, json: { data: [entry("c")] } },
      { status: 409, json: { message: "subscription already exists" } },
      { status: 429, headers: { "ratelimit-remaining": "700" }, json: { message: "total cost exceeded" } },
      { status: 404 },
    ];
    const twitch = await api(() => answers.shift() ?? { status: 500 });
    const all = await twitch.subscriptions();
    expect(all.map(({ subscriptionId }) => subscriptionId)).toEqual(["a", "b"]);
    expect(all[0]).toMatchObject({ transport: "conduit", target: "c1", twitchId: "1", createdAt: 1793527200123 });
    const transport = {
      kind: "webhook",
      callback: "https://foyer.example/webhooks/twitch",
      secret: "s".repeat(10),
    } as const;
    expect(await twitch.subscribe("channel.update", "1", transport)).toMatchObject({ kind: "made" });
    expect(await twitch.subscribe("channel.update", "1", transport)).toEqual({ kind: "exists" });
    expect(await twitch.subscribe("channel.update", "1", transport)).toEqual({ kind: "refused", reason: "limit" });
    expect(JSON.parse(http.requests.at(-1)?.body ?? "")).toEqual({
      type: "channel.update",
      version: "2",
      condition: { broadcaster_user_id: "1" },
      transport: { method: "webhook", callback: transport.callback, secret: transport.secret },
    });
    await twitch.unsubscribe("a");
    expect(http.requests.at(-1)).toMatchObject({ method: "DELETE", path: "/helix/eventsub/subscriptions" });
  });

  it("does not take a shard for registered that Twitch lists among the errors", async () => {
    const answers: ScriptedAnswer[] = [
      { status: 202, json: { data: [], errors: [{ id: "0", code: "invalid_session" }] } },
      { status: 202, json: { data: [{ id: "0", status: "enabled" }], errors: [] } },
      { status: 404 },
    ];
    const twitch = await api(() => answers.shift() ?? { status: 500 });
    expect(await twitch.setShard("c1", "session")).toBe(false);
    expect(await twitch.setShard("c1", "session")).toBe(true);
    expect(await twitch.setShard("c1", "session")).toBe(false);
  });
});

describe("the budget of Helix", () => {
  const headers = (remaining: number, reset: number) =>
    new Headers({
      "ratelimit-limit": "800",
      "ratelimit-remaining": String(remaining),
      "ratelimit-reset": String(reset),
    });

  it("keeps a reserve for what cannot wait, and waits until the bucket is full again", () => {
    let now = 1_000_000_000;
    const budget = createHelixBudget({ now: () => now });
    expect(budget.take(false)).toBe(0);
    budget.note(headers(41, now / 1000 + 30), false);
    expect(budget.take(false)).toBe(0);
    expect(budget.take(false)).toBe(30_000);
    expect(budget.take(true)).toBe(0);
    now += 30_000;
    expect(budget.take(false)).toBe(0);
  });

  it("believes the least of several answers, and a refusal before all", () => {
    const now = 1_000_000_000;
    const budget = createHelixBudget({ now: () => now });
    budget.note(headers(0, now / 1000 + 20), true);
    budget.note(headers(500, now / 1000 + 20), false);
    expect(budget.take(true)).toBe(20_000);
    const bare = createHelixBudget({ now: () => now });
    bare.note(new Headers(), true);
    expect(bare.take(true)).toBe(1000);
  });
});
