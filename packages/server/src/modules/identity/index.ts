import { type Account, defaultLimits, type PermissionLevel, type Profile, type Role } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Audit } from "../../platform/audit/audit.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Clock, Ids } from "../../platform/clock/clock.ts";
import type { Database } from "../../platform/db/database.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { Mail } from "../../platform/mail/mail.ts";
import type { SecurityMonitor } from "../../platform/security/security.monitor.ts";
import type { SealedShelf } from "../../platform/vault/sealed.shelf.ts";
import type { Vault } from "../../platform/vault/vault.ts";
import type { HttpFace } from "../../transports/http/index.ts";
import { profileOf } from "./accounts/account.view.ts";
import { createAccountsStore } from "./accounts/accounts.store.sql.ts";
import { createAdministration } from "./accounts/administration.ts";
import { createAuditTrail } from "./accounts/audit.trail.ts";
import { createOwnAccount } from "./accounts/own.account.ts";
import { createProfiles } from "./accounts/profiles.ts";
import { createRegistration, type NewAccount } from "./accounts/registration.ts";
import type { AccountCaller, Caller, Credentials } from "./caller.ts";
import { createCredentialsShelf } from "./credentials/credentials.shelf.ts";
import { createCredentialsStore } from "./credentials/credentials.store.sql.ts";
import {
  type CredentialsDeps,
  createCredentials,
  type Credentials as EntrustedCredentials,
} from "./credentials/credentials.ts";
import { createLinkNews } from "./credentials/link.news.ts";
import { createLinksStore } from "./credentials/links.store.sql.ts";
import type { LinksStore } from "./credentials/links.store.ts";
import { createFactors } from "./factors/factors.ts";
import { createOnceStore } from "./factors/once.store.sql.ts";
import { createPasskeysStore } from "./factors/passkeys.store.sql.ts";
import { createRecoveryCodesStore } from "./factors/recovery.codes.store.sql.ts";
import { relyingPartyOf } from "./factors/relying.party.ts";
import { createTotpShelf } from "./factors/totp.shelf.ts";
import { createTotpStore } from "./factors/totp.store.sql.ts";
import { mountAccounts } from "./http/accounts.http.ts";
import { mountAuth } from "./http/auth.http.ts";
import { mountKeeping } from "./http/keeping.http.ts";
import { mountSecurity } from "./http/security.http.ts";
import { mountServer } from "./http/server.http.ts";
import type { IdentityConfig, RoomsPort } from "./identity.types.ts";
import { createKeeping } from "./keeping.ts";
import { createLeavingStore } from "./leaving/leaving.store.sql.ts";
import type { PersonalData } from "./leaving/personal.data.port.ts";
import type { AccountNotice } from "./letters/letters.ts";
import { createPost } from "./letters/post.ts";
import { createUsedFlowsStore } from "./linking/flows/used.flows.store.sql.ts";
import { createLinking, type Linking, type OutsideSettings } from "./linking/linking.ts";
import { mountLinks } from "./linking/links.http.ts";
import { mountSignInPages } from "./linking/pages/sign.in.pages.http.ts";
import { createWaysInStore } from "./linking/ways.in.store.sql.ts";
import { createProgramTokensStore } from "./programs/program.tokens.store.sql.ts";
import { createProgramTokens } from "./programs/program.tokens.ts";
import { createAddressHash } from "./secrets/address.hash.ts";
import { createHashingQueue } from "./secrets/hashing.queue.ts";
import { createPasswordHasher } from "./secrets/password.hash.ts";
import { createSecurityEvents } from "./security.events.ts";
import { createAdmission } from "./sessions/admission.ts";
import { createAuthentication } from "./sessions/authentication.ts";
import { createSessionsStore } from "./sessions/sessions.store.sql.ts";
import { createSessions } from "./sessions/sessions.ts";
import { createSignInLimits } from "./sessions/sign.in.limits.ts";
import { createSignIn } from "./sessions/sign.in.ts";
import { createTicketsStore } from "./sessions/tickets.store.sql.ts";
import { createTickets } from "./sessions/tickets.ts";
import { createTokens } from "./sessions/tokens.ts";
import { createCarrying, type VaultExport, type VaultImport } from "./vault-export/carrying.ts";
import { createEntrustedStore } from "./vault-export/entrusted.store.sql.ts";
import { createOwnerExport } from "./vault-export/owner.export.ts";
import { mountVaultExport } from "./vault-export/vault.export.http.ts";

export { systemProfile } from "./accounts/system.account.ts";
export type { AccountCaller, Caller } from "./caller.ts";
export { identityLinksSchema } from "./credentials/credentials.schema.ts";
export { linkRevokedTopic } from "./credentials/link.news.ts";
export { GrantRefused, type TokenProvider, type Tokens } from "./credentials/token.provider.port.ts";
export { secondFactorSchema } from "./factors/factors.schema.ts";
export { identitySchema } from "./identity.schema.ts";
export type { IdentityConfig, RoomsPort } from "./identity.types.ts";
export type { PersonalData } from "./leaving/personal.data.port.ts";
export { linkingSchema } from "./linking/flows/flows.schema.ts";
export type { OutsideSettings } from "./linking/linking.ts";
export type { LevelScopes } from "./linking/permission.levels.ts";
export type {
  FlowSecrets,
  OutsideBearer,
  OutsidePerson,
  SignInProvider,
} from "./linking/sign.in.provider.port.ts";
export { deviceName } from "./sessions/device.name.ts";
export type { ExportFile, VaultImport } from "./vault-export/carrying.ts";
export { requirePassphrase } from "./vault-export/passphrase.rules.ts";

export interface IdentityDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
  limiter: RateLimiter;
  audit: Audit;
  security: SecurityMonitor;
  bus: Bus;
  config: IdentityConfig;
  rooms: RoomsPort;
  /** Links to outside accounts, and what they entrust. */
  entrusted: Pick<Entrusted, "credentials" | "links" | "vaultExport">;
  outside: OutsideSettings;
  /** Seals the secrets of authenticator apps. */
  vault: Pick<Vault, "seal" | "open">;
  mail: Mail;
  /** What other modules keep about people. */
  personal: PersonalData;
  version: string;
  /** Which optional features are on, for `serverInfo`. */
  features?: (() => Record<string, boolean>) | undefined;
  /** Waits so many milliseconds before a sign-in that follows failures; only tests give another. */
  wait?: ((milliseconds: number) => Promise<void>) | undefined;
}

/** Accounts, sessions and who is calling. */
export interface Identity {
  /** None given: an anonymous caller. A bad one throws `auth.*` or `account.suspended`; the next is not tried. */
  authenticate(credentials: Credentials, addressHash: string, place?: string): Promise<Caller>;
  /** Tells that a caller is still there and doing something. Returns when the session ends now. Throws `auth.*`. */
  used(caller: AccountCaller): Promise<number>;
  /** Keyed hash of a network address; IPv6 counts by its /64 network. */
  hashAddress(address: string): string;
  /** A new guest account with a session. Throws `rate.limited` where one address makes too many. */
  createGuest(addressHash: string): Promise<{ caller: AccountCaller; token: string; expiresAt: number }>;
  /** Cached. Unknown ids are absent. */
  profiles(accountIds: readonly string[]): Promise<Map<string, Profile>>;
  /** Exact handles in lower case; unknown ones are absent. */
  findByHandles(handles: readonly string[]): Promise<Profile[]>;
  /** Accounts whose handle or name begins with, or then contains, `text`. Neither guests nor suspended ones. */
  searchProfiles(text: string, limit: number): Promise<Profile[]>;
  /** Undefined for an unknown account. */
  role(accountId: string): Promise<Role | undefined>;
  /** Which of these accounts are suspended, or not there. */
  suspended(accountIds: readonly string[]): Promise<Set<string>>;
  /** Hashes of the addresses of the last 30 days, latest first, for address bans. */
  addressesOf(accountId: string): Promise<string[]>;
  /** For the command line: an account with a password. The first account of a server is always its owner. */
  createAccount(input: NewAccount & { role: Exclude<Role, "guest"> }): Promise<Account>;
  /** For the command line: sets a new password and ends all sessions. Throws `account.not_found`, `request.invalid`. */
  resetPassword(login: string, password: string): Promise<Account>;
  /** What Foyer may do at Twitch in the name of an account now; null: nothing. For tools, at every use. */
  permissionLevel(accountId: string): Promise<PermissionLevel | null>;
  /**
   * Writes to the owner of an account, by and by: nothing happens where this server sends no e-mail, or where the
   * account has not shown that an address is its own.
   */
  notify(accountId: string, notice: AccountNotice): void;
  /** Mounts the operations tagged auth, accounts and admin, and serverInfo. */
  routes(http: HttpFace): void;
  /** Deletes what is long over, and guests that have come to nothing. For a job every hour or so. */
  sweep(): Promise<void>;
  /** Goes on erasing what deleted accounts have left. For a job every minute. */
  erase(): Promise<void>;
  /** Ends the bus subscriptions and waits for writes that are under way. */
  close(): Promise<void>;
}

const DAY = 86_400_000;
/** Half of Node's thread pool: files and name look-ups go on while passwords are hashed. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 200;

/** Identity over its dependencies. Subscribes to the bus; `close` ends that. */
export function createIdentity(deps: IdentityDeps): Identity {
  const { db, clock, ids, bus, log, audit, config, limiter, rooms } = deps;
  const accounts = createAccountsStore(db);
  const sessionsStore = createSessionsStore(db);
  const ticketsStore = createTicketsStore(db);
  const events = createSecurityEvents({ security: deps.security, metrics: deps.metrics });
  const queue = createHashingQueue({ parallel: HASHES_AT_ONCE, waiting: HASHES_WAITING });
  const hasher = createPasswordHasher({ ids, queue });
  const tokens = createTokens({ secret: config.jwtSecret, clock });
  const tickets = createTickets({ store: ticketsStore, clock, ids });
  const profiles = createProfiles({ store: accounts, clock, bus });
  const { publicUrl } = deps.outside;
  const limits = createSignInLimits({
    limiter,
    clock,
    events,
    perMinute: config.limits.signInsPerMinute,
    wait: deps.wait,
  });
  const ways = createWaysInStore(db);
  const usable = () => ({
    providers: deps.outside.providers.map(({ provider }) => provider),
    passkeys: relyingPartyOf(publicUrl(), []) !== undefined,
  });
  const factors = createFactors({
    ...deps,
    ways,
    usable,
    stores: {
      once: createOnceStore(db),
      totp: createTotpStore(db),
      passkeys: createPasskeysStore(db),
      recovery: createRecoveryCodesStore(db),
    },
    events,
    limits,
    party: () => relyingPartyOf(publicUrl(), []),
    issuer: () => `Foyer (${new URL(publicUrl()).hostname})`,
  });
  const programs = createProgramTokens({ ...deps, store: createProgramTokensStore(db) });
  const post = createPost({ ...deps, accounts, sessions: sessionsStore, publicUrl });
  const authentication = createAuthentication({
    store: sessionsStore,
    tokens,
    tickets,
    // Asked only when somebody comes, and by then it is there.
    outside: (token) => linking.bearers.resolve(token),
    profiles,
    clock,
    bus,
    log,
    programs,
    sessionSeconds: config.sessionSeconds,
  });
  const sessions = createSessions({
    store: sessionsStore,
    tokens,
    clock,
    ids,
    bus,
    sessionSeconds: config.sessionSeconds,
    forget: authentication.forget,
    opened: (account, session) => post.signedIn(account, session),
  });
  const keeping = createKeeping({
    ...deps,
    leavingStore: createLeavingStore(db),
    accounts,
    profiles,
    sessions,
    hasher,
    limits,
    factors,
    programs,
    post,
    forget: authentication.forget,
    publicUrl,
    secret: config.jwtSecret,
    events,
  });
  const { stepUp, addresses, leaving } = keeping;
  const registration = createRegistration({
    store: accounts,
    sessions,
    hasher,
    clock,
    ids,
    bus,
    audit,
    events,
    registration: config.registration,
    inviteValid: (token) => rooms.inviteValid(token),
  });
  const linking: Linking = createLinking({
    outside: deps.outside,
    secret: config.jwtSecret,
    accounts,
    registration,
    ...deps.entrusted,
    sessions: sessionsStore,
    usedFlows: createUsedFlowsStore(db),
    ways,
    usable,
    gate: (account) => signIn.gate(account),
    audit,
    events,
    clock,
    ids,
    log,
  });
  const own = { store: accounts, profiles, sessions, hasher, limits, audit, events };
  const signIn = createSignIn({ ...own, ...factors });
  const ownAccount = createOwnAccount({ ...own, stepUp, addresses, post, once: factors.once });
  const administration = createAdministration({ ...own, clock, stepUp, forgetProofs });

  async function forgetProofs(accountId: string): Promise<void> {
    await sessionsStore.forgetProofs(accountId);
    for (const { id } of await sessionsStore.active(accountId, clock.now())) authentication.forget(id);
  }
  // A socket needs one guest at most, so that the limit of sockets bounds guests too.
  const admission = createAdmission({ limiter, guests: config.limits.connectionsPerAddress });
  const findByHandles = async (handles: readonly string[]) => (await accounts.byHandles(handles)).map(profileOf);
  const searchProfiles = async (text: string, limit: number) =>
    (await accounts.search(text.trim(), limit)).map(profileOf);

  return {
    authenticate: authentication.authenticate,
    used: authentication.used,
    hashAddress: createAddressHash(config.jwtSecret),
    async createGuest(addressHash) {
      await admission.guest(addressHash);
      const { caller, token, expiresAt } = await registration.guest({ addressHash, device: "Guest" });
      return { caller, token, expiresAt };
    },
    profiles: (accountIds) => profiles.profiles(accountIds),
    findByHandles,
    searchProfiles,
    role: async (accountId) => (await profiles.records([accountId])).get(accountId)?.role,
    async suspended(accountIds) {
      const records = await profiles.records(accountIds);
      return new Set(accountIds.filter((id) => records.get(id)?.suspendedAt !== null));
    },
    addressesOf: (accountId) => sessionsStore.addresses(accountId, clock.now() - 30 * DAY),
    createAccount: (input) => registration.create(input),
    resetPassword: (login, password) => ownAccount.resetPassword(login, password),
    permissionLevel: (accountId) => linking.links.permissionLevel(accountId),
    notify: (accountId, notice) => post.notice(accountId, notice),
    routes(http) {
      mountAuth(http, {
        registration,
        signIn,
        sessions,
        tickets,
        ownAccount,
        addresses,
        store: accounts,
        policy: config.registration,
        guestAccess: () => rooms.guestAccess(),
        admitGuest: admission.guest,
      });
      mountSecurity(http, { ...factors, accounts, signIn, stepUp, post, admitCeremony: admission.ceremony });
      mountKeeping(http, { ...keeping, programs });
      mountVaultExport(http, createOwnerExport({ ...deps, ...deps.entrusted, accounts, stepUp }));
      mountLinks(http, { ...linking, ownAccount, stepUp, registration: config.registration });
      mountSignInPages(http, { ...linking, sessions, limits, clock, log, tokenSeconds: config.tokenSeconds });
      const auditTrail = createAuditTrail({ audit, profiles });
      mountAccounts(http, { searchProfiles, findByHandles, administration, auditTrail });
      mountServer(http, {
        version: deps.version,
        limits: { ...config.limits, historyPage: defaultLimits.historyPage },
        features: () => ({
          registration: config.registration === "open",
          email: post.isConfigured,
          passkeys: relyingPartyOf(publicUrl(), []) !== undefined,
          ...deps.features?.(),
        }),
      });
    },
    async sweep() {
      await ticketsStore.sweep(clock.now());
      await factors.once.sweep();
      await leaving.sweepGuests();
      await linking.sweep();
      await sessionsStore.sweep(clock.now() - 30 * DAY);
    },
    erase: () => leaving.erase(),
    async close() {
      profiles.close();
      await leaving.close();
      await post.close();
      await programs.close();
      await authentication.close();
    },
  };
}

/** What accounts entrust, the links that it hangs on, and where what is sealed lies. */
export interface Entrusted {
  credentials: EntrustedCredentials;
  links: LinksStore;
  /** Every place where identity keeps what the vault sealed. */
  shelves: readonly SealedShelf[];
  /** All of it as one sealed file, and back. */
  vaultExport: VaultExport;
  vaultImport: VaultImport;
}

/** What credentials need: the stores are made here. */
export type EntrustedDeps = Omit<CredentialsDeps, "store" | "links" | "news"> &
  Pick<IdentityDeps, "db" | "metrics" | "audit" | "bus">;

/** Credentials over the database and the vault. The vault is not touched before something is stored or opened. */
export function createEntrusted(deps: EntrustedDeps): Entrusted {
  const store = createCredentialsStore(deps.db);
  const links = createLinksStore(deps.db);
  const news = createLinkNews(deps);
  return {
    links,
    credentials: createCredentials({ ...deps, store, links, news }),
    shelves: [createCredentialsShelf({ store, news, clock: deps.clock }), createTotpShelf(createTotpStore(deps.db))],
    ...createCarrying({ ...deps, store: createEntrustedStore(deps.db), credentials: store, links, news }),
  };
}
