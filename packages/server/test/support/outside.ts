import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { type OidcSimulator, startOidc } from "@foyer/simulators/oidc";
import { startTwitch, type TwitchSimulator } from "@foyer/simulators/twitch";
import type { Overrides } from "../../src/app/compose.ts";
import type { Engine } from "../../src/platform/db/database.ts";
import { type Browser, createBrowser, type Visit, type VisitOptions } from "./browser.ts";
import { startTestServer, type TestServer } from "./test.server.ts";

/** A composed server whose providers are simulators. */
export interface OutsideWorld {
  server: TestServer;
  twitch: TwitchSimulator;
  discord: DiscordSimulator;
  oidc: OidcSimulator;
  browser(): Browser;
  /** Goes to a provider by `path`, is `person` there, and comes back: the answer of the callback. */
  signIn(browser: Browser, path: string, person: string, options?: VisitOptions): Promise<Visit>;
  /** Goes to the provider at `url` and allows it as `person`: the address that the browser is sent back to. */
  allow(browser: Browser, url: string | undefined, person: string): Promise<string>;
  /** An account of its own, signed in in this browser. */
  register(browser: Browser, handle: string, more?: object): Promise<{ accountId: string; token: string }>;
  stop(): Promise<void>;
}

export const PASSWORD = "correct horse battery";

/** Starts the simulators and a server that knows them; `twitch` in the place of an ordinary one. Always call `stop`. */
export async function startOutside(
  options: Overrides & { engine?: Engine; env?: Record<string, string>; twitch?: TwitchSimulator } = {},
): Promise<OutsideWorld> {
  const { twitch: given, ...rest } = options;
  const [twitch, discord, oidc] = await Promise.all([given ?? startTwitch(), startDiscord(), startOidc()]);
  const server = await startTestServer({
    ...rest,
    engine: options.engine ?? "sqlite",
    env: {
      ...twitch.environment,
      DISCORD_CLIENT_ID: discord.app.clientId,
      DISCORD_CLIENT_SECRET: discord.app.clientSecret,
      DISCORD_API_URL: `${discord.url}/api`,
      OIDC_ISSUER: oidc.url,
      OIDC_CLIENT_ID: oidc.app.clientId,
      OIDC_CLIENT_SECRET: oidc.app.clientSecret,
      LIMIT_SIGN_INS_PER_MINUTE: "0",
      ...options.env,
    },
  });
  const home = new URL(server.url).origin;

  async function allow(browser: Browser, url: string | undefined, person: string): Promise<string> {
    if (url === undefined) throw new Error("nobody was sent to a provider");
    const at = new URL(url);
    at.searchParams.set("person", person);
    const { status, location, text } = await browser.visit(at.href);
    if (location === undefined) throw new Error(`the provider did not send back: ${status} ${text}`);
    return location;
  }

  return {
    server,
    twitch,
    discord,
    oidc,
    browser: () => createBrowser(home),
    allow,
    async signIn(browser, path, person, visit) {
      const there = await browser.visit(`${home}${path}`, { ...visit, sameSite: true });
      if (there.status !== 302) throw new Error(`${path}: ${there.status} ${there.text}`);
      return browser.visit(await allow(browser, there.location, person), visit);
    },
    async register(browser, handle, more = {}) {
      const answer = await browser.send("POST", `${home}/api/auth/register`, { handle, password: PASSWORD, ...more });
      if (answer.status !== 201) throw new Error(`register ${handle}: ${answer.status} ${answer.text}`);
      return { accountId: answer.json.account.accountId, token: answer.json.token };
    },
    async stop() {
      await server.stop();
      await Promise.all([twitch.close(), discord.close(), oidc.close()]);
    },
  };
}
