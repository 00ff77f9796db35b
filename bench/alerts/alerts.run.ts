/**
 * Measures Foyer's alerts beside the least that a bot can do, in one run: `npm run bench:alerts`, with `-- --quick` and
 * `-- --write`.
 */
import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { PushSubscriber } from "@foyer/simulators/push";
import webpush from "web-push";
import { Child } from "../child.process.ts";
import { placement } from "../options.ts";
import { circumstances, insert, type Measure, median, table } from "../report.ts";
import { guildId, type Services, secret, startServices } from "./alerts.services.ts";
import { type AlertHouse, startHouse } from "./foyer.house.ts";
import type { PeerTask } from "./plain.peer.ts";
import { paced, quantile, send, unpaced } from "./webhook.load.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});
const size = values.quick
  ? { rounds: 1, seconds: 2, starts: 5, channels: 150, phones: 500 }
  : { rounds: 5, seconds: 5, starts: 20, channels: 1000, phones: 10_000 };
/** How many pushes the peer has under way: as many as Foyer. */
const pushesAtOnce = 96;
const document = join(import.meta.dirname, "../../docs/operate/performance.md");
const { cores, isPinned } = placement();
const measures: Measure[] = [];
const said = (line: string) => process.stderr.write(`${line}\n`);

type Contestant = "foyer" | "peer";
/** Puts what was measured into the table, and says it. */
function note(
  facts: Omit<Measure, "foyer" | "peer" | "aim"> & { aim?: string },
  contestant: Contestant,
  value: number,
) {
  let measure = measures.find(({ name }) => name === facts.name);
  if (measure === undefined) {
    measure = { aim: "", ...facts, foyer: [], peer: [] };
    measures.push(measure);
  }
  measure[contestant].push(value);
  said(`${facts.name}, ${contestant}: ${value.toFixed(facts.digits)} ${facts.unit}`);
}

async function startPeer(services: Services, channelId: string): Promise<{ child: Child; hook: string }> {
  const child = new Child("the peer", {
    script: join(import.meta.dirname, "plain.peer.ts"),
    env: {
      SECRET: secret,
      RELAY_TO: `${services.env["DISCORD_API_URL"]}/v10/channels/${channelId}/messages`,
      BOT_TOKEN: services.discord.app.botToken,
    },
    core: cores.server,
  });
  const { port } = await child.next<{ port: number }>();
  return { child, hook: `http://127.0.0.1:${port}/webhooks/twitch` };
}

/** Waits for something in this process to become true; looked at every millisecond. */
async function when(look: () => boolean, what: string, ms = 120_000): Promise<void> {
  const end = performance.now() + ms;
  while (!look()) {
    if (performance.now() > end) throw new Error(`it does not come: ${what}`);
    await sleep(1);
  }
}

/** Both contestants, in an order that changes from round to round, so that noise hits both alike. */
async function alternate(run: (contestant: Contestant) => Promise<void>): Promise<void> {
  for (let round = 0; round < size.rounds; round += 1) {
    for (const contestant of round % 2 === 0 ? (["foyer", "peer"] as const) : (["peer", "foyer"] as const)) {
      await run(contestant);
    }
  }
}

/** Ada goes live, as Twitch tells it, and ends when `posted`: until it stands in Discord, in milliseconds. */
async function untilPosted(hook: string, count: () => number): Promise<number> {
  const before = count();
  const begun = performance.now();
  await send(hook, { type: "stream.online", streamId: String(randomInt(2 ** 40)), startedAt: Date.now() });
  await when(() => count() > before, "the post in Discord");
  const took = performance.now() - begun;
  // Times of Twitch are whole seconds: the end must not seem to be before the beginning.
  await sleep(1100);
  await send(hook, { type: "stream.offline" });
  await sleep(300);
  return took;
}

/** Has the peer do something; resolves when it is done. */
async function ask(peer: Child, task: PeerTask): Promise<void> {
  const { ok, why } = await peer.ask<{ ok: boolean; why?: string }>(task);
  if (!ok) throw new Error(why);
}

async function webhooks(services: Services, house: AlertHouse): Promise<void> {
  const { discord } = services;
  const channel = (name: string) => discord.world.addChannel(guildId, { name }).id;
  const [ours, theirs] = [channel("ours"), channel("theirs")];
  const destination = await house.api.createDestination({
    params: { guildId },
    body: { kind: "discord", channelId: ours },
  });
  const peer = await startPeer(services, theirs);
  const hooks = { foyer: house.hook, peer: peer.hook };
  try {
    for (const hook of Object.values(hooks)) await unpaced(hook, 1);
    await alternate(async (contestant) => {
      const times = await paced(hooks[contestant], size.seconds);
      note(
        { name: "webhook to acknowledged at 100 a second, p99", unit: "ms", better: "less", digits: 2 },
        contestant,
        quantile(times, 0.99),
      );
      note({ name: "the same, p50", unit: "ms", better: "less", digits: 2 }, contestant, quantile(times, 0.5));
    });
    await alternate(async (contestant) => {
      const rate = await unpaced(hooks[contestant], size.seconds);
      note(
        { name: "most webhooks that one core acknowledges", unit: "a second", better: "more", digits: 0 },
        contestant,
        rate,
      );
    });
    // What was taken in is applied first.
    await sleep(5000);
    const counts = {
      foyer: () => discord.messages(ours).length,
      peer: () => discord.messages(theirs).length,
    };
    await alternate(async (contestant) => {
      const times: number[] = [];
      for (let at = 0; at < Math.ceil(size.starts / size.rounds); at += 1) {
        times.push(await untilPosted(hooks[contestant], counts[contestant]));
      }
      note(
        { name: "webhook to Discord's message, p50", unit: "ms", better: "less", digits: 1, aim: "1,000" },
        contestant,
        quantile(times, 0.5),
      );
    });
  } finally {
    await peer.child.stop();
    const { destinationId } = destination;
    await house.api.deleteDestination({ params: { guildId, destinationId } });
  }
}

async function manyChannels(services: Services, house: AlertHouse): Promise<void> {
  const { discord } = services;
  const channels = Array.from({ length: size.channels }, (_, at) => {
    return discord.world.addChannel(guildId, { name: `live-${at}` }).id;
  });
  const made = [];
  for (const channelId of channels) {
    made.push(await house.api.createDestination({ params: { guildId }, body: { kind: "discord", channelId } }));
  }
  const measure = async (contestant: Contestant, go: () => Promise<void>) => {
    discord.limits.reset();
    const before = discord.allMessages().length;
    const begun = performance.now();
    await go();
    await when(() => discord.allMessages().length >= before + channels.length, "all channels", 300_000);
    const seconds = (performance.now() - begun) / 1000;
    const named = `${size.channels.toLocaleString("en-US")} channels of Discord`;
    note(
      { name: `${named}, requests`, unit: "a second", better: "more", digits: 1, aim: "50" },
      contestant,
      channels.length / seconds,
    );
    note(
      { name: `${named}, busiest second`, unit: "requests", better: "less", digits: 0, aim: "50" },
      contestant,
      discord.limits.busiestSecond(),
    );
    const refused = discord.limits.refused();
    said(`${named}, ${contestant}: refused with 429: ${JSON.stringify(refused)}`);
    if (contestant === "foyer" && refused.user + refused.global > 0)
      throw new Error("Discord refused requests of Foyer");
  };
  await measure("foyer", () =>
    send(house.hook, { type: "stream.online", streamId: String(randomInt(2 ** 40)), startedAt: Date.now() }).then(
      () => {},
    ),
  );
  for (const { destinationId } of made) await house.api.deleteDestination({ params: { guildId, destinationId } });
  await sleep(1100);
  await send(house.hook, { type: "stream.offline" });
  await sleep(2000);
  const peer = await startPeer(services, channels[0] ?? "");
  try {
    const task: PeerTask = {
      do: "post",
      channels,
      api: services.env["DISCORD_API_URL"] ?? "",
      token: discord.app.botToken,
    };
    await measure("peer", () => ask(peer.child, task));
  } finally {
    await peer.child.stop();
  }
}

async function manyPhones(services: Services, house: AlertHouse): Promise<void> {
  const { push } = services;
  await house.api.createDestination({ params: { guildId: "here" }, body: { kind: "push" } });
  const { publicKey } = await house.api.getPushKey();
  const phones: PushSubscriber[] = [];
  // An account has ten at most.
  for (let account = 0; phones.length < size.phones; account += 1) {
    const api = await house.register(`phones-${account}`);
    for (let at = 0; at < 10 && phones.length < size.phones; at += 1) {
      const phone = push.subscribe({ name: `phone ${phones.length}`, senderKey: publicKey });
      await api.addPushDevice({ body: phone.json() });
      phones.push(phone);
    }
  }
  const vapid = webpush.generateVAPIDKeys();
  const theirs = Array.from({ length: size.phones }, (_, at) => {
    return push.subscribe({ name: `their phone ${at}`, senderKey: vapid.publicKey });
  });
  const reached = (all: readonly PushSubscriber[]) => all.reduce((sum, { messages }) => sum + messages.length, 0);
  const measure = async (contestant: Contestant, all: readonly PushSubscriber[], go: () => Promise<unknown>) => {
    const before = reached(all);
    const begun = performance.now();
    await go();
    while (reached(all) < before + all.length) {
      if (performance.now() - begun > 300_000) throw new Error("not every phone has it");
      await sleep(20);
    }
    const seconds = (performance.now() - begun) / 1000;
    const name = `pushes to ${size.phones.toLocaleString("en-US")} phones and browsers`;
    note({ name, unit: "a second", better: "more", digits: 0 }, contestant, all.length / seconds);
  };
  await measure("foyer", phones, () =>
    send(house.hook, { type: "stream.online", streamId: String(randomInt(2 ** 40)), startedAt: Date.now() }),
  );
  const peer = await startPeer(services, "");
  try {
    const devices = theirs.map((phone) => phone.json() as webpush.PushSubscription);
    await measure("peer", theirs, () => ask(peer.child, { do: "push", devices, atOnce: pushesAtOnce, vapid }));
  } finally {
    await peer.child.stop();
  }
}

const services = await startServices();
try {
  const house = await startHouse(services, cores.server);
  try {
    await webhooks(services, house);
    await manyChannels(services, house);
    await manyPhones(services, house);
  } finally {
    await house.stop();
  }
} finally {
  await services.close();
}
const result = [circumstances(new Date(), isPinned, size.rounds), "", table(measures, "a plain bot")].join("\n");
process.stdout.write(`${result}\n`);
if (values.write) writeFileSync(document, insert(readFileSync(document, "utf8"), result, "alerts"));
said(`medians: ${measures.map(({ name, foyer }) => `${name} ${median(foyer).toFixed(1)}`).join("; ")}`);
process.exit(0);
