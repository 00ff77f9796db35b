import { displayName as displayNameSchema, type PermissionLevel } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { AccountRecord, AccountsStore } from "../accounts/accounts.store.ts";
import { handleChoices } from "../accounts/handle.choice.ts";
import type { Registration } from "../accounts/registration.ts";
import type { LinksStore } from "../credentials/links.store.ts";
import type { Tokens } from "../credentials/token.provider.port.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { SessionsStore } from "../sessions/sessions.store.ts";
import type { Flow } from "./flows/flow.ts";
import { taken } from "./linking.errors.ts";
import { compareLevels, isLevel } from "./permission.levels.ts";
import type { OutsidePerson, SignInProvider } from "./sign.in.provider.port.ts";
import type { TokenKeeper } from "./token.keeper.ts";

export interface OutsideSignInDeps {
  accounts: AccountsStore;
  registration: Pick<Registration, "fromOutside">;
  links: LinksStore;
  sessions: Pick<SessionsStore, "byIds">;
  keeper: TokenKeeper;
  /** Throws `auth.second_factor_required` for an account that has one. */
  gate: (account: AccountRecord) => Promise<void>;
  audit: Audit;
  events: SecurityEvents;
  clock: Clock;
  ids: Ids;
}

/** What somebody who came back from a provider is given: the account that they are now. */
export interface Arrival {
  account: AccountRecord;
  outcome: "signed_in" | "signed_up" | "linked";
  /** `auth.second_factor_required`: the account is known, but nobody is signed in yet. */
  held?: AppError | undefined;
  /**
   * True: the person has shown who they are. For a sign-in, where there is no other way to show it; for a link, where
   * they had shown it before they went.
   */
  proven: boolean;
}

/** Turns people of outside providers into accounts. Only `subject` decides who somebody is: never an e-mail address. */
export interface OutsideSignIn {
  /**
   * Signs in or up, or links, as the flow says. Throws `account.suspended`, `auth.registration_closed`, `link.taken`,
   * `sign_in.email_in_use`, `sign_in.flow_invalid` (the session that wanted the link is over), `vault.unavailable`.
   */
  arrive(flow: Flow, provider: SignInProvider, person: OutsidePerson, tokens: Tokens): Promise<Arrival>;
  /** The account of somebody who shows a token of a provider, made at the first time. Same errors. */
  accountOf(provider: Pick<SignInProvider, "provider" | "name">, person: OutsidePerson): Promise<AccountRecord>;
}

const LOWEST: PermissionLevel = "viewer";

export function createOutsideSignIn(deps: OutsideSignInDeps): OutsideSignIn {
  const { accounts, links, clock, ids } = deps;

  async function active(accountId: string): Promise<AccountRecord | undefined> {
    const [account] = await accounts.byIds([accountId]);
    if (account?.suspendedAt === null || account === undefined) return account;
    deps.events.signInFailed(account.id, "suspended");
    throw new AppError("account.suspended", "This account is suspended.");
  }

  /** The account that the outside account belongs to. */
  async function known(provider: string, person: OutsidePerson): Promise<AccountRecord | undefined> {
    const link = await links.bySubject(provider, person.subject);
    return link === undefined ? undefined : active(link.accountId);
  }

  async function signUp(
    provider: Pick<SignInProvider, "provider" | "name" | "levels">,
    person: OutsidePerson,
    wishes: Pick<Flow, "invite" | "separate" | "level">,
  ): Promise<AccountRecord> {
    const email = person.verifiedEmail?.toLowerCase();
    // Whoever has the address has not shown yet that the account here is theirs: it is linked from inside, or never.
    if (email !== undefined && wishes.separate !== true && (await accounts.secretByLogin(email)) !== undefined) {
      throw new AppError(
        "sign_in.email_in_use",
        `An account here has your e-mail address already. If it is yours, sign in to it and link ${provider.name} in the settings. If not, you can make a separate account.`,
      );
    }
    const made = await deps.registration.fromOutside({
      handles: handleChoices(person.login, ids),
      displayName: displayNameOf(person),
      email,
      invite: wishes.invite,
      link: {
        provider: provider.provider,
        subject: person.subject,
        name: person.name,
        permissionLevel: provider.levels === undefined ? null : (wishes.level ?? LOWEST),
        // Known together with the tokens, which are stored next.
        scopes: [],
      },
    });
    // Two browsers of one person at once: the other one was first.
    const account = made ?? (await known(provider.provider, person));
    if (account === undefined) throw taken(provider.name);
    return account;
  }

  /** Stores what this sign-in granted; see `TokenKeeper` for when it does not. */
  async function renew(accountId: string, provider: SignInProvider, person: OutsidePerson, tokens: Tokens, flow: Flow) {
    const link = await links.find({ accountId, provider: provider.provider });
    const chosen = isLevel(link?.permissionLevel) ? link.permissionLevel : undefined;
    const asked = flow.level;
    const level = chosen !== undefined && (asked === undefined || compareLevels(asked, chosen) < 0) ? chosen : asked;
    await deps.keeper.keep(
      { accountId, provider, subject: person.subject, name: person.name },
      provider.levels === undefined ? null : (level ?? LOWEST),
      tokens,
    );
  }

  async function link(flow: Flow, provider: SignInProvider, person: OutsidePerson, tokens: Tokens): Promise<Arrival> {
    const { accountId, sessionId } = flow.session ?? { accountId: "", sessionId: "" };
    const [session] = await deps.sessions.byIds([sessionId]);
    const isOpen = session?.accountId === accountId && session.revokedAt === null && session.expiresAt > clock.now();
    const account = isOpen ? await active(accountId) : undefined;
    if (account === undefined) {
      throw new AppError("sign_in.flow_invalid", "You were signed out meanwhile. Sign in and link again.");
    }
    const before = await links.find({ accountId, provider: provider.provider });
    if (before !== undefined && before.subject !== person.subject) {
      throw new AppError(
        "link.taken",
        `Another ${provider.name} account is linked to you already. Unlink it first, or choose that one at ${provider.name}.`,
      );
    }
    await renew(accountId, provider, person, tokens, flow);
    await deps.audit.record({
      actorId: accountId,
      action: before === undefined ? "link.added" : "link.renewed",
      subject: { kind: "account", id: accountId },
      details: { provider: provider.provider },
    });
    return { account, outcome: "linked", proven: flow.session?.proven === true };
  }

  /** What keeps somebody out whom the provider has let in. */
  async function heldBack(account: AccountRecord): Promise<AppError | undefined> {
    try {
      await deps.gate(account);
      return undefined;
    } catch (error) {
      if (error instanceof AppError && error.code === "auth.second_factor_required") return error;
      throw error;
    }
  }

  return {
    async arrive(flow, provider, person, tokens) {
      if (flow.mode === "link") return link(flow, provider, person, tokens);
      const account = await known(provider.provider, person);
      const arrived = account ?? (await signUp(provider, person, flow));
      const held = account === undefined ? undefined : await heldBack(account);
      // Half signed in, nobody raises what Foyer may do.
      await renew(arrived.id, provider, person, tokens, held === undefined ? flow : { ...flow, level: undefined });
      if (held === undefined) deps.events.signedIn(arrived.id);
      // Who has a password or a second factor shows that: a session at the provider may be somebody else's by now.
      const proven = held === undefined && (await accounts.secretById(arrived.id))?.passwordHash === null;
      return { account: arrived, outcome: account === undefined ? "signed_up" : "signed_in", held, proven };
    },

    accountOf: async (provider, person) =>
      (await known(provider.provider, person)) ?? (await signUp(provider, person, {})),
  };
}

/** A name that people may see; what the provider lets through is cleaned. */
function displayNameOf({ name, login }: OutsidePerson): string {
  for (const text of [name, login ?? ""]) {
    // An address of e-mail is nobody's public name.
    if (text.includes("@")) continue;
    const clean = text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "").trim();
    const checked = displayNameSchema.safeParse([...clean].slice(0, 32).join(""));
    if (checked.success) return checked.data;
  }
  return "New member";
}
