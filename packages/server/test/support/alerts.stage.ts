import type { Destination, MessagePage, PushDevice, Room, Streamer } from "@foyer/protocol";
import { type DiscordMessage, type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { type PushSimulator, type PushSubscriber, startPush } from "@foyer/simulators/push";
import { startReceiver, type WebhookReceiver } from "@foyer/simulators/receiver";
import { startTwitch, type TwitchSimulator } from "@foyer/simulators/twitch";
import { createBrowser } from "./browser.ts";
import { callEndpoint, type Person, registerPerson } from "./people.ts";

/** The Discord server of these tests: Ada manages it, and the bot is in it. */
export const guildId = "1200000000000000001";

/** Twitch, Discord, a push service and somebody's webhooks, all simulated. */
export interface AlertServices {
  twitch: TwitchSimulator;
  discord: DiscordSimulator;
  push: PushSimulator;
  receiver: WebhookReceiver;
  /** What a server is told about them. */
  env: Record<string, string>;
  close(): Promise<void>;
}

/** Starts them. `now`: their clock. Always call `close`. */
export async function startAlertServices(
  options: { now?: () => number; eventsub?: object } = {},
): Promise<AlertServices> {
  const { now = Date.now, eventsub } = options;
  const [twitch, discord, push, receiver] = await Promise.all([
    startTwitch({ now, ...(eventsub === undefined ? {} : { eventsub }) }),
    startDiscord({
      now,
      guilds: [{ id: guildId, name: "The Green Room", members: ["ada.d"], channels: [], roles: ["Live pings"] }],
    }),
    startPush({ now }),
    startReceiver({ now }),
  ]);
  return {
    ...{ twitch, discord, push, receiver },
    env: {
      ...twitch.environment,
      ...discord.environment,
      OUTGOING_NETWORKS: "127.0.0.0/8",
      LIMIT_SIGN_INS_PER_MINUTE: "0",
      LIMIT_API_PER_MINUTE: "0",
      LIMIT_REQUESTS_PER_MINUTE: "0",
    },
    async close() {
      await Promise.all([twitch, discord, push, receiver].map((each) => each.close()));
    },
  };
}

/** How many places of each kind hear of Ada's streams. */
export interface StageSize {
  channels?: number;
  rooms?: number;
  phones?: number;
  webhooks?: number;
}

/** A server on which everything is set up, and what has arrived at the places that it tells. */
export interface AlertStage {
  owner: Person;
  streamerId: string;
  channels: string[];
  rooms: string[];
  phones: PushSubscriber[];
  webhooks: string[];
  destinations: Destination[];
  /** Messages of Foyer in a room, oldest first. */
  said(roomId: string): Promise<string[]>;
  /** Messages that were ever posted in a channel. */
  posted(channelId: string): DiscordMessage[];
  /** What stands in all channels, rooms, webhooks and phones about streams whose text holds `title`: how often each. */
  heardOf(title: string): Promise<number[]>;
}

/**
 * Sets everything up through the API of the server, as its owner and as Ada in Discord. `origin`: where it is now, for
 * one of several nodes.
 */
export async function setStage(origin: () => string, services: AlertServices, size: StageSize): Promise<AlertStage> {
  const { twitch, discord, push, receiver } = services;
  const person = await registerPerson(origin(), "owner");
  const { token } = person;
  const owner: Person = {
    ...person,
    call: (name, path = [], body) => callEndpoint(origin(), name, { token, path, body }),
  };
  await link(origin(), owner, "ada.d");
  const call = async <T>(name: Parameters<Person["call"]>[0], path: string[] = [], body?: unknown): Promise<T> => {
    const answer = await owner.call(name, path, body);
    if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  async function each<T>(count: number | undefined, make: (index: number) => Promise<T>): Promise<T[]> {
    const made: T[] = [];
    for (let index = 0; index < (count ?? 0); index++) made.push(await make(index));
    return made;
  }

  const destinations: Destination[] = [];
  const add = async (guild: string, body: object) => {
    const made = await call<Destination & { secret?: string }>("createDestination", [guild], body);
    destinations.push(made);
    return made;
  };
  const channels = Array.from({ length: size.channels ?? 0 }, (_, index) => {
    return discord.world.addChannel(guildId, { name: `live-${index}` }).id;
  });
  for (const [index, channelId] of channels.entries()) {
    await add(guildId, { kind: "discord", name: `#live-${index}`, channelId });
  }
  const rooms = await each(size.rooms, async (index) => {
    const { roomId } = await call<Room>("createRoom", [], { kind: "public", name: `Live ${index}` });
    await add("here", { kind: "room", roomId });
    return roomId;
  });
  const webhooks = await each(size.webhooks, async (index) => {
    const name = `hook-${index}`;
    const made = await add("here", { kind: "webhook", name, url: receiver.address(name) });
    receiver.expect(name, made.secret ?? "");
    return name;
  });
  const phones: PushSubscriber[] = [];
  if ((size.phones ?? 0) > 0) {
    await add("here", { kind: "push" });
    const { publicKey } = await call<{ publicKey: string }>("getPushKey");
    for (let index = 0; index < (size.phones ?? 0); index++) {
      const phone = push.subscribe({ name: `phone ${index}`, senderKey: publicKey });
      await call<PushDevice>("addPushDevice", [], phone.json());
      phones.push(phone);
    }
  }
  const [{ streamerId }] = [
    await call<Streamer>("addGuildStreamer", ["here"], { login: "ada" }),
    await call<Streamer>("addGuildStreamer", [guildId], { login: "ada" }),
  ];
  await twitch.until(
    () => {
      const mine = twitch.eventsub.subscriptions.all().filter(({ status }) => status === "enabled");
      return mine.length >= 3 ? mine : undefined;
    },
    20_000,
    "Twitch tells about Ada",
  );

  const said = async (roomId: string) => {
    const { body } = await callEndpoint(origin(), "listMessages", {
      token,
      path: [roomId],
      query: "?limit=100",
    });
    return (body as MessagePage).messages.filter(({ deletedAt }) => deletedAt == null).map(({ message }) => message);
  };
  const posted = (channelId: string) => discord.allMessages().filter((message) => message.channelId === channelId);
  return {
    ...{ owner, streamerId, channels, rooms, phones, webhooks, destinations, said, posted },

    async heardOf(title) {
      const inChannels = channels.map(
        (channelId) =>
          posted(channelId).filter(({ history }) => history.some((change) => JSON.stringify(change).includes(title)))
            .length,
      );
      const inRooms: number[] = [];
      for (const roomId of rooms) inRooms.push((await said(roomId)).filter((text) => text.includes(title)).length);
      // A receiver knows a repetition by its id; a phone replaces what has the same topic.
      const atHooks = webhooks.map(
        (name) =>
          new Set(
            receiver
              .taken(name)
              .filter(({ id, text }) => id.endsWith(".1") && text.includes(title))
              .map(({ id }) => id),
          ).size,
      );
      const atPhones = phones.map(
        ({ messages }) =>
          new Set(messages.filter((each) => each.text().includes(title)).map(({ topic }) => topic)).size,
      );
      return [...inChannels, ...inRooms, ...atHooks, ...atPhones];
    },
  };
}

/** Links an account with somebody at the simulated Discord, as they would in their settings. */
async function link(origin: string, { account }: Person, person: string): Promise<void> {
  const browser = createBrowser(origin);
  const login = { login: account.handle, password: "correct horse battery" };
  const signedIn = await browser.send("POST", `${origin}/api/auth/login`, login);
  if (signedIn.status >= 300) throw new Error(`signing in: ${signedIn.status} ${signedIn.text}`);
  const started = await browser.send("POST", `${origin}/api/auth/links/discord`, {});
  const to = new URL(started.json.url);
  to.searchParams.set("person", person);
  const back = await browser.visit(to.href);
  const done = await browser.visit(back.location ?? "");
  if (done.status >= 400) throw new Error(`linking Discord: ${done.status} ${done.text}`);
}
