import type { Logger } from "pino";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { AccountRecord, AccountsStore } from "../accounts/accounts.store.ts";
import type { Registration } from "../accounts/registration.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { LinksStore } from "../credentials/links.store.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { SessionsStore } from "../sessions/sessions.store.ts";
import { type BearerSessions, createBearerSessions } from "./bearer.sessions.ts";
import { createFlowCookie, type FlowCookie } from "./flows/flow.cookie.ts";
import { createFlowSeal } from "./flows/flow.seal.ts";
import { createFlows, FLOW_SECONDS } from "./flows/flows.ts";
import type { UsedFlowsStore } from "./flows/used.flows.store.ts";
import { createOutsideFlow, type OutsideFlow } from "./outside.flow.ts";
import { createOutsideSignIn } from "./outside.sign.in.ts";
import { createOwnLinks, type OwnLinks } from "./own.links.ts";
import { createProviders, type Providers } from "./providers.ts";
import type { OutsideBearer, SignInProvider } from "./sign.in.provider.port.ts";
import { createTokenKeeper } from "./token.keeper.ts";
import type { UsableWays, WaysInStore } from "./ways.in.store.ts";

/** What is set up for signing in from outside. */
export interface OutsideSettings {
  providers: readonly SignInProvider[];
  /** Issuers whose bearer tokens count here. */
  bearers: readonly OutsideBearer[];
  /** The address that browsers use, without a slash at the end: asked at each use, since the port may come late. */
  publicUrl: () => string;
}

export interface LinkingDeps {
  outside: OutsideSettings;
  /** Seals what browsers keep of a flow. */
  secret: string;
  accounts: AccountsStore;
  registration: Registration;
  links: LinksStore;
  credentials: Credentials;
  sessions: SessionsStore;
  usedFlows: UsedFlowsStore;
  ways: WaysInStore;
  usable: () => UsableWays;
  /** Throws `auth.second_factor_required` for an account that has one. */
  gate: (account: AccountRecord) => Promise<void>;
  audit: Audit;
  events: SecurityEvents;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

/** Signing in from outside, and the links that come of it. */
export interface Linking {
  providers: Providers;
  flow: OutsideFlow;
  cookie: FlowCookie;
  links: OwnLinks;
  bearers: BearerSessions;
  sweep(): Promise<void>;
}

export function createLinking(deps: LinkingDeps): Linking {
  const { outside, accounts, links, credentials, sessions, audit, events, clock, ids, log } = deps;
  const providers = createProviders(outside.providers, outside.publicUrl);
  const seal = createFlowSeal({ secret: deps.secret, clock });
  const flows = createFlows({ store: deps.usedFlows, seal, clock, ids });
  const keeper = createTokenKeeper({ links, credentials, clock, log });
  const { registration } = deps;
  const signIn = createOutsideSignIn({
    accounts,
    registration,
    links,
    sessions,
    keeper,
    gate: deps.gate,
    audit,
    events,
    clock,
    ids,
  });
  return {
    providers,
    flow: createOutsideFlow({ flows, providers, signIn, events }),
    cookie: createFlowCookie(outside.publicUrl, FLOW_SECONDS),
    links: createOwnLinks({ links, ways: deps.ways, usable: deps.usable, providers, credentials, audit, log }),
    bearers: createBearerSessions({ bearers: outside.bearers, signIn, links, sessions, clock, events }),
    sweep: () => flows.sweep(),
  };
}
