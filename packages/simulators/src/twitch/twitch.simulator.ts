import { Hono } from "hono";
import type { Visitor } from "../harness/authorize.page.ts";
import { type Calls, createCalls } from "../harness/calls.ts";
import { type Changes, createChanges } from "../harness/changes.ts";
import { mountControls } from "../harness/controls.ts";
import { createFaults, type Fault } from "../harness/faults.ts";
import { type Listening, type ListenOptions, listen } from "../harness/listen.ts";
import { type AppTokens, createAppTokens } from "./app.tokens.ts";
import { createEventSub, type EventSub, type EventSubRules } from "./eventsub/eventsub.ts";
import { createPoints, type Points } from "./helix/points.ts";
import { createHelixRouter } from "./helix/router.ts";
import { streamRoutes } from "./helix/streams.http.ts";
import { userRoutes } from "./helix/users.http.ts";
import { mountTwitchControl } from "./page/control.ts";
import { createStage, type LiveOptions, type Stage, type TwitchChannel, type TwitchStream } from "./stage/stage.ts";
import { mountTwitchAuthorize } from "./twitch.authorize.ts";
import { mountDevice } from "./twitch.device.ts";
import {
  createTwitchGrants,
  type IssuedTokens,
  type TokenRules,
  type TwitchApp,
  type TwitchGrants,
  type TwitchUser,
} from "./twitch.grants.ts";
import { type GrantType, mountOauth } from "./twitch.oauth.ts";
import { type TwitchPerson, twitchPeople } from "./twitch.people.ts";

/** Twitch that runs here: its sign-in, Helix, and EventSub. People are named by login. */
export interface TwitchSimulator extends Listening {
  app: TwitchApp;
  people: readonly TwitchPerson[];
  /** Who sits in front of the browser; nobody in particular: a page asks. */
  visitor: Visitor;
  grants: TwitchGrants;
  appTokens: AppTokens;
  calls: Calls;
  points: Points;
  stage: Stage;
  eventsub: EventSub;
  /** What Foyer is told about it. */
  environment: Record<string, string>;
  /** Waits until `look` finds something; asked again after every change of streams, subscriptions and messages. */
  until: Changes["until"];
  addPerson(person: TwitchPerson): void;
  goLive(login: string, options?: LiveOptions): TwitchStream;
  endStream(login: string): void;
  flap(login: string, options?: { newId?: boolean }): TwitchStream;
  changeChannel(login: string, change: Partial<TwitchChannel>): void;
  loseNextEvents(count: number, type?: string): void;
  /** Ends subscriptions with a status (default `authorization_revoked`), of one broadcaster or all, and says so. */
  revokeSubscriptions(login?: string, status?: string): Promise<void>;
  /** What a person does in Twitch's settings: ends their tokens, and tells those who subscribed to it. */
  revokeUser(login: string): void;
  /** Tokens of a person, as if they had just signed in. */
  signIn(user: TwitchUser, scopes: readonly string[]): IssuedTokens;
  fault(fault: Fault): void;
  clearFaults(): void;
}

/** How the simulator is started. */
export interface TwitchOptions extends ListenOptions {
  rules?: Partial<TokenRules>;
  app?: TwitchApp;
  people?: readonly TwitchPerson[];
  /** Where the application may send people back to; default: anywhere. */
  redirectUris?: readonly string[];
  eventsub?: EventSubRules;
  /** Points of Helix in a minute. Twitch: 800. */
  pointsPerMinute?: number;
  now?: () => number;
}

const defaultRules: TokenRules = { accessSeconds: 14_400, rotate: true, reuseEndsGrant: true, tokenPrefix: "" };

/** Starts Twitch on the loopback address: `/oauth2`, `/helix`, and EventSub's sockets at `/ws`. */
export async function startTwitch(options: TwitchOptions = {}): Promise<TwitchSimulator> {
  const client = options.app ?? { clientId: "simulator-client", clientSecret: "simulator-secret" };
  const now = options.now ?? (() => Date.now());
  const people = [...(options.people ?? twitchPeople)];
  const visitor: Visitor = { login: undefined };
  const rules = { ...defaultRules, ...options.rules };
  const grants = createTwitchGrants(rules, now);
  const appTokens = createAppTokens(rules.tokenPrefix, now);
  const faults = createFaults(now);
  const calls = createCalls();
  const changes = createChanges();
  const points = createPoints(options.pointsPerMinute ?? 800, now);
  const eventsub = createEventSub({
    rules: options.eventsub ?? {},
    clientId: client.clientId,
    changes,
    now,
    allowed: (clientId, userId) => grants.allowed(clientId, userId),
  });
  const stage = createStage({ people, now, changes, tell: (event) => eventsub.dispatch.tell(event) });
  const app = new Hono();
  app.onError((error) => {
    throw error;
  });
  mountControls(app, { faults, calls });
  const grantTypes = new Map<string, GrantType>();
  const apps = new Map([[client.clientId, client]]);
  const clients = new Map([[client.clientId, { ...client, redirectUris: options.redirectUris }]]);
  mountOauth(app, { apps, grants, appTokens, faults, calls, grantTypes });
  mountTwitchAuthorize(app, { people, visitor, clients, grants, grantTypes, faults, calls, now });
  mountDevice(app, { people, apps, grants, grantTypes, faults, calls, now });
  const mount = createHelixRouter(app, { grants, appTokens, faults, calls, points });
  for (const route of [...userRoutes(people), ...streamRoutes({ people, stage, now }), ...eventsub.routes])
    mount(route);
  mountTwitchControl(app, () => simulator, faults);
  const listening = await listen((request) => app.fetch(request), options, eventsub.sockets.upgrade);
  const { dispatch, subscriptions } = eventsub;
  const simulator: TwitchSimulator = {
    ...listening,
    async close() {
      eventsub.webhooks.stop();
      await listening.close();
    },
    app: client,
    people,
    visitor,
    grants,
    appTokens,
    calls,
    points,
    stage,
    eventsub,
    environment: {
      TWITCH_ID_URL: listening.url,
      TWITCH_API_URL: listening.url,
      TWITCH_EVENTSUB_WS_URL: `${listening.url.replace("http:", "ws:")}/ws`,
      TWITCH_CLIENT_ID: client.clientId,
      TWITCH_CLIENT_SECRET: client.clientSecret,
    },
    until: changes.until,
    addPerson: (person) => void people.push(person),
    goLive: stage.goLive,
    endStream: stage.end,
    flap: stage.flap,
    changeChannel: stage.changeChannel,
    loseNextEvents: dispatch.loseNext,
    async revokeSubscriptions(login, status = "authorization_revoked") {
      const id = login === undefined ? undefined : stage.person(login).id;
      const wanted = subscriptions
        .all()
        .filter(
          (each) => each.status === "enabled" && (id === undefined || Object.values(each.condition).includes(id)),
        );
      await Promise.all(wanted.map((each) => dispatch.revoke(each, status)));
    },
    revokeUser(login) {
      const { id, displayName } = stage.person(login);
      grants.revokeUser(id);
      dispatch.tell({
        type: "user.authorization.revoke",
        condition: { client_id: client.clientId },
        event: { client_id: client.clientId, user_id: id, user_login: login, user_name: displayName },
      });
    },
    signIn: (user, scopes) => grants.issue(client.clientId, user, scopes),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
  };
  return simulator;
}
