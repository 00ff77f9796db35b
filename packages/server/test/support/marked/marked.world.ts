import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { type OidcSimulator, startOidc } from "@foyer/simulators/oidc";
import { startTwitch, type TwitchSimulator } from "@foyer/simulators/twitch";
import type { Engine } from "../../../src/platform/db/database.ts";
import { type Browser, createBrowser } from "../browser.ts";
import { type CognitoLocal, startCognitoLocal } from "../cognito.local.ts";
import { runFoyer } from "../command.ts";
import { type MailServer, startMailServer } from "../mail.server.ts";
import { createSecretSearch, type SecretSearch } from "../secret.search.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../server.process.ts";
import { type Asker, createAsker } from "./asker.ts";
import { type MarkedStore, markedStore } from "./marked.store.ts";

/** A server whose every secret is known to a search: those of its configuration, and those that flows note. */
export interface MarkedWorld {
  readonly engine: Engine;
  readonly search: SecretSearch;
  readonly server: ServerProcess;
  /** The address that providers send people back to. */
  readonly home: string;
  readonly env: Record<string, string>;
  readonly store: MarkedStore;
  readonly twitch: TwitchSimulator;
  readonly discord: DiscordSimulator;
  readonly oidc: OidcSimulator;
  readonly cognito: CognitoLocal;
  readonly mail: MailServer;
  readonly asker: Asker;
  /** Exports of accounts and of the vault, by name. */
  readonly files: Record<string, Buffer>;
  /** What the commands of the operator wrote. */
  readonly commands: string[];
  /** A marked password. */
  password(name: string): string;
  register(handle: string, more?: object): Promise<MarkedPerson>;
  person(handle: string): MarkedPerson;
  /** Remembers a session token, and the signature in it, which is what makes it one. */
  noteToken(name: string, token: string): void;
  /** A browser whose cookies are remembered as secrets, and whose refusals as error answers. */
  browser(): Browser;
  /** Runs a command of the operator; returns what it wrote. */
  run(args: readonly string[], input?: string): Promise<string>;
  stop(): Promise<void>;
}

export interface MarkedPerson {
  accountId: string;
  password: string;
  token: string;
}

/** Starts providers, a mail server and a server in a process of its own that knows them. Always call `stop`. */
export async function startMarkedWorld(engine: Engine): Promise<MarkedWorld> {
  const search = createSecretSearch();
  const store = await markedStore(engine, search);
  const mark = (name: string) => search.makePlain(name).toLowerCase();
  const clientSecret = search.makePlain("client secret of Twitch");
  const [twitch, discord, oidc, cognito, mail] = await Promise.all([
    startTwitch({ rules: { tokenPrefix: mark("token of Twitch") }, app: { clientId: "foyer-test", clientSecret } }),
    startDiscord({ tokenPrefix: mark("token of Discord") }),
    startOidc({ tokenPrefix: mark("token of the OpenID provider") }),
    startCognitoLocal(),
    startMailServer({ password: search.make("password of the mail server") }),
  ]);
  search.note("client secret of Discord and OpenID", discord.app.clientSecret);
  search.note("token of Twitch", twitch.grants.rules.tokenPrefix);
  const env: Record<string, string> = {
    ...withoutLimits,
    ...store.env,
    LOG_LEVEL: "debug",
    GUESTS: "read",
    JWT_SECRET: `${search.make("signing key")} with more than 32 bytes`,
    METRICS_TOKEN: search.makePlain("metrics token"),
    SMTP_URL: mail.url,
    MAIL_FROM: "foyer@people.example",
    TWITCH_CLIENT_ID: twitch.app.clientId,
    TWITCH_CLIENT_SECRET: clientSecret,
    TWITCH_ID_URL: twitch.url,
    TWITCH_API_URL: twitch.url,
    DISCORD_CLIENT_ID: discord.app.clientId,
    DISCORD_CLIENT_SECRET: discord.app.clientSecret,
    DISCORD_API_URL: `${discord.url}/api`,
    OIDC_ISSUER: oidc.url,
    OIDC_CLIENT_ID: oidc.app.clientId,
    OIDC_CLIENT_SECRET: oidc.app.clientSecret,
    COGNITO_USER_POOL_ID: cognito.userPoolId,
    COGNITO_CLIENT_ID: cognito.clientId,
    COGNITO_ISSUER: cognito.issuer,
    COGNITO_DOMAIN: cognito.url,
  };
  const server = await startServerProcess({ env });
  const home = server.origin.replace("127.0.0.1", "localhost");
  const asker = createAsker(server.origin);
  const people = new Map<string, MarkedPerson>();
  const commands: string[] = [];

  function noteToken(name: string, token: string): void {
    search.note(name, token);
    const signature = token.split(".")[2];
    if (signature !== undefined) search.note(`${name} (signature)`, signature);
  }
  const password = (name: string) => search.make(`password: ${name}`);

  function browser(): Browser {
    const inner = createBrowser(home);
    const watched =
      <A extends unknown[]>(act: (...of: A) => ReturnType<Browser["visit"]>) =>
      async (...of: A) => {
        const seen = await act(...of);
        for (const [name, { value }] of inner.cookies()) search.note(`cookie ${name}: ${value.slice(-8)}`, value);
        asker.heard(seen);
        return seen;
      };
    return { ...inner, visit: watched(inner.visit), send: watched(inner.send) };
  }

  return {
    engine,
    search,
    server,
    home,
    env,
    store,
    twitch,
    discord,
    oidc,
    cognito,
    mail,
    asker,
    commands,
    password,
    noteToken,
    browser,
    files: {},
    async register(handle, more = {}) {
      const secret = password(handle);
      const { token, account } = await asker.good("register", { body: { handle, password: secret, ...more } });
      noteToken(`session of ${handle}`, token);
      const person = { accountId: account.accountId, password: secret, token };
      people.set(handle, person);
      return person;
    },
    person(handle) {
      const person = people.get(handle);
      if (person === undefined) throw new Error(`${handle} is not there`);
      return person;
    },
    async run(args, input = "") {
      const own = { ...env, DATA_DIR: server.dataDir, PUBLIC_URL: server.origin };
      const { stdout, stderr } = await runFoyer(args, own, input);
      commands.push(stdout, stderr);
      return stdout + stderr;
    },
    async stop() {
      await server.dispose();
      await Promise.all([store.remove(), twitch.close(), discord.close(), oidc.close(), cognito.stop(), mail.stop()]);
    },
  };
}
