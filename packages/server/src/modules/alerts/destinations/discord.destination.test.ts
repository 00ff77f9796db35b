import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryLimiter } from "../../../platform/limits/memory.limiter.ts";
import { silentLogger } from "../../../platform/logs/logger.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { createDiscordServices } from "../../../providers/discord/discord.services.ts";
import { createDiscordDestination } from "./discord.destination.ts";
import { nonceOf } from "./discord.mark.ts";
import type { Announcement, DestinationSender } from "./sender.port.ts";

const guildId = "1200000000000000001";
const deliveryId = "0199c0de-0000-7abc-8def-0123456789ab";
let discord: DiscordSimulator;
let sender: DestinationSender;
let target: { destinationId: string; guildId: string; target: string; recipient: string };
let ahead: number;
let suspected = 0;

const now = () => Date.now() + ahead;

function announcement(over: Partial<Announcement> = {}): Announcement {
  return {
    deliveryId,
    revision: 1,
    stage: "live",
    test: false,
    broadcaster: { broadcasterId: "b", twitchId: "1", login: "ada", displayName: "Ada", avatarUrl: null },
    stream: {
      streamId: "s",
      broadcasterId: "b",
      twitchStreamId: "42",
      state: "live",
      revision: 1,
      title: "Chess",
      game: "Chess",
      language: "en",
      tags: [],
      viewers: null,
      peakViewers: null,
      thumbnailUrl: null,
      vodUrl: null,
      startedAt: 0,
      endedAt: null,
    },
    message: {
      content: "Ada is live",
      embed: { title: "Chess", url: "https://www.twitch.tv/ada", description: "now", fields: [] },
    },
    mentionRoleId: null,
    uncertainSince: null,
    ...over,
  };
}

const text = (content: string) => ({ message: { content, embed: null } });
const posts = () => discord.messages(target.target);

beforeEach(async () => {
  ahead = 0;
  suspected = 0;
  discord = await startDiscord({ now });
  const services = createDiscordServices(discord.environment, {
    limiter: createMemoryLimiter({ now: () => performance.now() }),
    clock: { now },
    metrics: createMetrics({ process: false }),
    log: silentLogger(),
  });
  sender = createDiscordDestination({
    bot: services?.bot,
    clock: { now },
    suspect: () => (suspected += 1),
  });
  const channelId = [...discord.world.guild(guildId).channels.keys()][0] ?? "";
  target = { destinationId: "d", guildId, target: channelId, recipient: "" };
});
afterEach(() => discord.close());

describe("once", () => {
  test("a post that is repeated within minutes is the same message", async () => {
    const first = await sender.post(target, announcement());
    expect(first).toMatchObject({ kind: "done", status: 200, url: expect.stringContaining(`/${guildId}/`) });
    expect(await sender.post(target, announcement({ uncertainSince: now() - 30_000 }))).toEqual(first);
    expect(posts()).toHaveLength(1);
    expect(nonceOf(deliveryId).length).toBeLessThanOrEqual(25);
  });

  test.each([
    ["with an embed, though its text changed meanwhile", {}],
    ["with an address in the author alone", { url: undefined, author: { name: "Ada", url: "https://a.example/" } }],
    ["with an image alone", { url: undefined, imageUrl: "https://a.example/i.png?cb=1" }],
    ["with a thumbnail alone", { url: "https://a.example/#own", thumbnailUrl: "https://a.example/t.png" }],
  ])("hours later the message is found again in the channel and brought up to date: %s", async (_name, embed) => {
    const message = {
      content: "Ada is live",
      embed: { title: "Chess", fields: [], ...announcement().message.embed, ...embed },
    };
    discord.fault({ kind: "disconnect", operation: "message.create", after: true, times: 1 });
    const uncertainSince = now();
    expect(await sender.post(target, announcement({ message }))).toMatchObject({ kind: "again", reason: "outage" });
    expect(posts()).toHaveLength(1);
    ahead = 4 * 3_600_000;
    // Others of the bot, and others' with the same words, are not it.
    await sender.post(target, announcement({ deliveryId: deliveryId.replace("ab", "cd"), message }));
    const renamed = { ...message, content: "Ada is still live", embed: { ...message.embed, title: "Go" } };
    const again = await sender.post(target, announcement({ message: renamed, uncertainSince }));
    expect(again).toMatchObject({ kind: "done", externalId: posts()[0]?.id });
    expect(posts()).toHaveLength(2);
    expect(posts()[0]).toMatchObject({ content: "Ada is still live", embeds: [{ title: "Go" }] });
    expect(posts()[1]).toMatchObject({ content: "Ada is live" });
  });

  test("hours later a message of mere text is found by it, and another text is not taken for it", async () => {
    const uncertainSince = now();
    await sender.post(target, announcement(text("Ada is live")));
    ahead = 3_600_000;
    const again = await sender.post(target, announcement({ ...text("Ada is live"), uncertainSince }));
    expect(again).toMatchObject({ externalId: posts()[0]?.id });
    const other = announcement({ ...text("Bob is live"), uncertainSince, deliveryId: deliveryId.replace("ab", "cd") });
    expect(await sender.post(target, other)).toMatchObject({ kind: "done", externalId: posts()[1]?.id });
    expect(posts().map(({ content }) => content)).toEqual(["Ada is live", "Bob is live"]);
  });

  test("what never arrived is posted hours later", async () => {
    discord.fault({ kind: "unavailable", operation: "message.create", times: 1 });
    const uncertainSince = now();
    expect(await sender.post(target, announcement())).toMatchObject({ kind: "again", reason: "outage", status: 503 });
    ahead = 3_600_000;
    expect(await sender.post(target, announcement({ uncertainSince }))).toMatchObject({ kind: "done" });
    expect(posts()).toHaveLength(1);
  });

  test("what was found old and deleted by a moderator is not posted again", async () => {
    await sender.post(target, announcement());
    discord.world.overwrite(target.target, { allow: ["manageMessages"] });
    await sender.remove(target, posts()[0]?.id ?? "", announcement());
    expect(await sender.post(target, announcement({ uncertainSince: now() - 1000 }))).toMatchObject({
      kind: "done",
      externalId: null,
    });
    expect(posts()).toHaveLength(0);
  });
});

describe("mentions", () => {
  const roleOf = (name: string) => discord.world.addRole(guildId, { name, mentionable: true }).id;

  test("reach the one role of the alert and nobody else, whatever the text says", async () => {
    const role = roleOf("Followers");
    const other = roleOf("Others");
    const content = `<@&${role}> <@&${other}> <@80351110224678912> @everyone @here Ada`;
    await sender.post(target, announcement({ ...text(content), mentionRoleId: role }));
    expect(posts()[0]?.pings).toEqual({ everyone: false, roles: [role], users: [] });
  });

  test("are none in a test, none in an edit, and never everybody's role", async () => {
    const role = roleOf("Followers");
    const content = `<@&${role}> <@&${guildId}> @everyone`;
    const none = { everyone: false, roles: [], users: [] };
    await sender.post(target, announcement({ ...text(content), mentionRoleId: role, test: true }));
    expect(posts()[0]?.pings).toEqual(none);
    await sender.edit(target, posts()[0]?.id ?? "", announcement({ ...text(`${content}!`), mentionRoleId: role }));
    expect(posts()[0]).toMatchObject({ content: `${content}!`, pings: none });
    const everybody = announcement({
      ...text(content),
      mentionRoleId: guildId,
      deliveryId: deliveryId.replace("ab", "cd"),
    });
    await sender.post(target, everybody);
    expect(posts()[1]?.pings).toEqual(none);
  });
});

describe("the message goes on", () => {
  test("it is edited, becomes a recap, and is deleted", async () => {
    const first = await sender.post(target, announcement());
    const id = first.kind === "done" ? (first.externalId ?? "") : "";
    const recap = announcement({ revision: 2, stage: "ended", ...text("Ada was live") });
    expect(await sender.edit(target, id, recap)).toMatchObject({ kind: "done", externalId: id });
    expect(posts()[0]).toMatchObject({ content: "Ada was live", embeds: [] });
    expect(await sender.remove(target, id, recap)).toMatchObject({ kind: "done", externalId: null });
    expect(posts()).toEqual([]);
    // Somebody was faster: what was wanted is so.
    expect(await sender.remove(target, id, recap)).toMatchObject({ kind: "done" });
    expect(await sender.edit(target, id, recap)).toMatchObject({ kind: "done", externalId: null, status: 404 });
  });

  test("too many edits of an old message are no error", async () => {
    const first = await sender.post(target, announcement());
    const id = first.kind === "done" ? (first.externalId ?? "") : "";
    ahead = 3_700_000;
    for (let at = 0; at < 4; at++) {
      expect(await sender.edit(target, id, announcement(text(`edit ${at}`)))).toMatchObject({
        kind: "done",
        externalId: id,
      });
    }
    expect(posts()[0]?.content).toBe("edit 2");
  });
});

describe("what goes wrong", () => {
  test("a channel that is gone, one that cannot be seen, one that cannot be written to: off, each with its reason", async () => {
    discord.world.overwrite(target.target, { deny: ["viewChannel"] });
    expect(await sender.post(target, announcement())).toMatchObject({
      kind: "failed",
      reason: "permission",
      off: "no_access",
    });
    expect(suspected).toBe(1);
    discord.world.overwrite(target.target, { deny: ["sendMessages"] });
    expect(await sender.post(target, announcement())).toMatchObject({ kind: "failed", off: "no_permission" });
    discord.world.deleteChannel(target.target);
    expect(await sender.post(target, announcement())).toMatchObject({
      kind: "failed",
      reason: "gone",
      off: "channel_gone",
    });
  });

  test("what Discord will never take is not tried again, and switches nothing off", async () => {
    const long = await sender.post(target, announcement(text("x".repeat(2001))));
    expect(long).toEqual({ kind: "failed", reason: "rejected", status: 400 });
    discord.fault({ kind: "automod", operation: "message.create", times: 1 });
    expect(await sender.post(target, announcement())).toEqual({ kind: "failed", reason: "rejected", status: 400 });
  });

  test("limits, outages and a token that is refused: later", async () => {
    discord.fault({ kind: "limited", operation: "message.create", ms: 5000, times: 1 });
    const limited = await sender.post(target, announcement());
    expect(limited).toMatchObject({ kind: "again", reason: "rate_limited", status: 429 });
    if (limited.kind === "again") expect(limited.retryAfterMs).toBeGreaterThanOrEqual(5000);
    discord.resetBotToken();
    expect(await sender.post(target, announcement())).toMatchObject({
      kind: "again",
      reason: "permission",
      status: 401,
    });
  });

  test("without a bot alerts wait", async () => {
    const without = createDiscordDestination({ bot: undefined, clock: { now }, suspect: () => {} });
    expect(await without.post(target, announcement())).toMatchObject({ kind: "again" });
    expect(await without.edit(target, "1", announcement())).toMatchObject({ kind: "again" });
    expect(await without.remove(target, "1", announcement())).toMatchObject({ kind: "again" });
  });
});
