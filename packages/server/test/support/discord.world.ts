import type { EndpointName } from "@foyer/protocol";
import { routes } from "@foyer/protocol/routes";
import { type DiscordOptions, type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { startTwitch, type TwitchSimulator } from "@foyer/simulators/twitch";
import type { Engine } from "../../src/platform/db/database.ts";
import { createBrowser } from "./browser.ts";
import { type MovingClock, movingClock } from "./guild.house.ts";
import { type Answer, registerPerson } from "./people.ts";
import { startTestServer, type TestServer, type TestServerOptions } from "./test.server.ts";

/** Somebody who signed in with Discord, and calls operations with their session. */
export interface DiscordVisitor {
  accountId: string;
  call(name: EndpointName, path?: readonly string[], body?: unknown): Promise<Answer>;
  /** As `call`, and throws when the answer is none of success. */
  ok<T = never>(name: EndpointName, path?: readonly string[], body?: unknown): Promise<T>;
}

/** A composed server whose Discord and Twitch are simulated. */
export interface DiscordWorld {
  server: TestServer;
  discord: DiscordSimulator;
  twitch: TwitchSimulator;
  clock: MovingClock;
  /** The owner of the server, with a password alone. */
  owner: Awaited<ReturnType<typeof registerPerson>>;
  /** Signs somebody in with Discord, by the pages. */
  visitor(login: string): Promise<DiscordVisitor>;
  stop(): Promise<void>;
}

/** Starts Discord, Twitch and a server that knows them. Always call `stop`. */
export async function startDiscordWorld(
  engine: Engine,
  options: { discord?: DiscordOptions; server?: TestServerOptions; env?: Record<string, string> } = {},
): Promise<DiscordWorld> {
  const clock = movingClock();
  const [discord, twitch] = await Promise.all([
    startDiscord({ now: clock.now, limits: { routes: false }, ...options.discord }),
    startTwitch({ now: clock.now }),
  ]);
  const server = await startTestServer({
    engine,
    clock,
    ...options.server,
    env: {
      ...discord.environment,
      ...twitch.environment,
      LIMIT_SIGN_INS_PER_MINUTE: "0",
      LIMIT_API_PER_MINUTE: "0",
      LIMIT_REQUESTS_PER_MINUTE: "0",
      ...options.env,
    },
  });
  const home = new URL(server.url).origin;
  const owner = await registerPerson(home, "olga");

  return {
    server,
    discord,
    twitch,
    clock,
    owner,
    async visitor(login) {
      const browser = createBrowser(home);
      const there = await browser.visit(`${home}/auth/discord`, { sameSite: true });
      const at = new URL(there.location ?? "");
      at.searchParams.set("person", login);
      const back = await browser.visit(at.href);
      const done = await browser.visit(back.location ?? "");
      if (done.status >= 400) throw new Error(`${login} could not sign in: ${done.status} ${done.text}`);
      const session = await browser.send("GET", `${home}/api/auth/session`);

      const call: DiscordVisitor["call"] = async (name, path = [], body) => {
        const { method, path: template } = routes[name];
        const values = [...path];
        const filled = template.replace(/\{\w+\}/g, () => encodeURIComponent(values.shift() ?? ""));
        const answer = await browser.send(method, `${home}${filled}`, body, { origin: home });
        return { status: answer.status, body: (answer.text === "" ? null : JSON.parse(answer.text)) as never };
      };
      return {
        accountId: session.json.account.accountId,
        call,
        async ok(name, path, body) {
          const answer = await call(name, path, body);
          if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
          return answer.body;
        },
      };
    },
    async stop() {
      await server.stop();
      await Promise.all([discord.close(), twitch.close()]);
    },
  };
}
