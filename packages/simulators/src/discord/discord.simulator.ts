import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Hono } from "hono";
import type { Visitor } from "../harness/authorize.page.ts";
import { type Calls, createCalls } from "../harness/calls.ts";
import { type Changes, createChanges } from "../harness/changes.ts";
import { createCodes } from "../harness/codes.ts";
import { mountControls } from "../harness/controls.ts";
import { createFaults, type Fault } from "../harness/faults.ts";
import { type Listening, type ListenOptions, listen } from "../harness/listen.ts";
import { mountInstall } from "./discord.install.ts";
import { authorizePaths, mountDiscordOauth } from "./discord.oauth.ts";
import { type DiscordPerson, discordPeople } from "./discord.people.ts";
import { authorizedEvent, createEventSender, deauthorizedEvent, type EventSender } from "./events/sender.ts";
import { messageRoutes } from "./messages/messages.http.ts";
import { createMessages, type DiscordMessage } from "./messages/messages.ts";
import { mountDiscordControl } from "./page/control.ts";
import { guildRoutes } from "./rest/guilds.http.ts";
import { createLimits, type LimitRules, type Limits } from "./rest/limits.ts";
import { roleRoutes } from "./rest/roles.http.ts";
import { createRouter, type RestCaller } from "./rest/router.ts";
import { userRoutes } from "./rest/users.http.ts";
import { guildWire } from "./world/guilds.ts";
import { createWorld, type DiscordWorld, type GuildSeed } from "./world/world.ts";

/** Discord that runs here: its sign-in, its REST API, and what it sends. */
export interface DiscordSimulator extends Listening {
  app: { clientId: string; clientSecret: string; botToken: string; publicKey: string };
  people: readonly DiscordPerson[];
  visitor: Visitor;
  calls: Calls;
  /** Servers, channels, roles, members, and how people change them. */
  world: DiscordWorld;
  limits: Limits;
  /** Webhook events and interactions, signed. Nothing goes out before an address is registered. */
  events: EventSender;
  /** What Foyer is told about it. */
  environment: Record<string, string>;
  /** Messages of a channel that are there, oldest first. */
  messages(channelId: string): DiscordMessage[];
  /** Every message that was ever written, also those that are gone. */
  allMessages(): DiscordMessage[];
  /** Waits until `look` finds something; asked again after every change of a message. */
  until: Changes["until"];
  /** Forgets all messages. */
  forgetMessages(): void;
  /** A person's access token, as if they had just signed in. */
  signIn(login: string, scopes: readonly string[]): string;
  /** Ends everything that a person allowed, as they can in Discord's settings, and sends the event of it. */
  revokeUser(userId: string): void;
  /** Gives the bot another token, as its owner can: the one before is no longer good. */
  resetBotToken(): string;
  /** Access tokens that are good now. */
  tokens(): number;
  fault(fault: Fault): void;
  clearFaults(): void;
}

export interface DiscordOptions extends ListenOptions {
  people?: readonly DiscordPerson[];
  /** Default: one server with the bot in it, one without; Ada manages both. */
  guilds?: readonly GuildSeed[];
  redirectUris?: readonly string[];
  limits?: Partial<LimitRules>;
  /** How long a nonce is remembered, in milliseconds. Discord says "a few minutes". */
  nonceMs?: number;
  /** Edits of messages older than an hour, for each channel. */
  oldEdits?: { most: number; windowMs: number };
  /** False: the application may not list members, as without the privileged intent. */
  membersIntent?: boolean;
  /** Milliseconds before each repetition of an event that was not taken. */
  eventRetryMs?: readonly number[];
  now?: () => number;
  /** Every token of people begins so: for tests that look where tokens get to. */
  tokenPrefix?: string;
}

const prefixes = ["/api", "/api/v10", "/v10"];

/** Starts Discord on the loopback address, under `/api`, `/api/v10` and `/v10`. */
export async function startDiscord(options: DiscordOptions = {}): Promise<DiscordSimulator> {
  const app = new Hono();
  app.onError((error) => {
    throw error;
  });
  const keys = generateKeyPairSync("ed25519");
  const client = {
    clientId: "1100000000000000001",
    clientSecret: "simulator-secret",
    botToken: newBotToken(),
    publicKey: keys.publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"),
  };
  const now = options.now ?? (() => Date.now());
  const people = [...(options.people ?? discordPeople)];
  const visitor: Visitor = { login: undefined };
  const faults = createFaults(now);
  const calls = createCalls();
  const changes = createChanges();
  const limits = createLimits(options.limits ?? {}, now);
  const world = createWorld(people, { id: client.clientId, login: "Foyer", displayName: null, bot: true }, now);
  for (const seed of options.guilds ?? defaultGuilds(people)) world.addGuild(seed);
  const messages = createMessages({ world, changes, now, nonceMs: options.nonceMs ?? 180_000 });

  const codes = createCodes({ requirePkce: false, now });
  const events = createEventSender({
    privateKey: keys.privateKey,
    applicationId: client.clientId,
    now,
    retryMs: options.eventRetryMs ?? [1000, 4000, 16_000, 60_000],
  });

  mountControls(app, { faults, calls });
  mountInstall(app, {
    paths: authorizePaths(prefixes),
    clientId: client.clientId,
    redirectUris: options.redirectUris,
    people,
    visitor,
    world,
    codes,
    calls,
    installed: (person, guildId, scopes) =>
      void events.event("APPLICATION_AUTHORIZED", authorizedEvent(person, scopes, world.guild(guildId))),
  });
  const grants = mountDiscordOauth(app, {
    client,
    redirectUris: options.redirectUris,
    people,
    visitor,
    prefixes,
    codes,
    allowed(personId, scopes) {
      const person = people.find(({ id }) => id === personId);
      if (person !== undefined) void events.event("APPLICATION_AUTHORIZED", authorizedEvent(person, scopes));
    },
    guildWire: (guildId) => guildWire(world.guild(guildId), world.bot.id),
    faults,
    calls,
    now,
    tokenPrefix: options.tokenPrefix ?? "",
  });

  function callerOf(header = ""): RestCaller | undefined {
    const [, scheme, token = ""] = /^(Bot|Bearer) (\S+)$/.exec(header) ?? [];
    if (scheme === "Bot") return token === client.botToken ? { kind: "bot", userId: world.bot.id } : undefined;
    const grant = scheme === "Bearer" ? grants.find(token) : undefined;
    return grant && { kind: "person", userId: grant.personId, scopes: grant.scopes };
  }

  const mount = createRouter(app, { prefixes, calls, faults, limits, callerOf });
  const routes = [
    ...userRoutes({
      world,
      application: { clientId: client.clientId, publicKey: client.publicKey, name: "Foyer" },
      mailOf(userId) {
        const { email, emailVerified } = people.find(({ id }) => id === userId) ?? {};
        return { email: email ?? null, verified: emailVerified ?? false };
      },
    }),
    ...guildRoutes(world, () => options.membersIntent ?? true),
    ...roleRoutes(world),
    ...messageRoutes({ world, messages, now, oldEdits: options.oldEdits ?? { most: 3, windowMs: 20_000 } }),
  ];
  for (const route of routes) mount(route);

  mountDiscordControl(app, { discord: () => simulator, messages, faults });
  const listening = await listen((request) => app.fetch(request), options);
  const simulator: DiscordSimulator = {
    ...listening,
    async close() {
      events.stop();
      await listening.close();
    },
    app: client,
    people,
    visitor,
    calls,
    world,
    limits,
    events,
    environment: {
      DISCORD_API_URL: `${listening.url}/api`,
      DISCORD_CLIENT_ID: client.clientId,
      DISCORD_CLIENT_SECRET: client.clientSecret,
      DISCORD_BOT_TOKEN: client.botToken,
      DISCORD_PUBLIC_KEY: client.publicKey,
    },
    messages: (channelId) => messages.of(channelId),
    allMessages: () => messages.all(),
    until: changes.until,
    forgetMessages: () => messages.forgetAll(),
    signIn: (login, scopes) => grants.issue(world.person(login).id, scopes).access,
    revokeUser(userId) {
      grants.revokeUser(userId);
      const person = people.find(({ id }) => id === userId);
      if (person !== undefined) void events.event("APPLICATION_DEAUTHORIZED", deauthorizedEvent(person));
    },
    resetBotToken() {
      client.botToken = newBotToken();
      return client.botToken;
    },
    tokens: () => grants.count(),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
  };
  return simulator;
}

/** Discord's form: three parts with dots between them. */
const newBotToken = () =>
  `${Buffer.from("1100000000000000001").toString("base64url")}.${randomBytes(4).toString("base64url")}.${randomBytes(28).toString("base64url")}`;

function defaultGuilds(people: readonly DiscordPerson[]): GuildSeed[] {
  const members = people.map(({ login }) => login);
  return [
    { id: "1200000000000000001", name: "The Green Room", members, roles: ["Live pings"] },
    { id: "1200000000000000002", name: "Second Stage", members, bot: false },
  ];
}
