import { type Account, endpoints, type Role } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { NewLink } from "../credentials/links.store.ts";
import { topics } from "../identity.events.ts";
import type { Grant, Visit } from "../identity.types.ts";
import type { PasswordHasher } from "../secrets/password.hash.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { accountOf } from "./account.view.ts";
import type { AccountRecord, AccountsStore } from "./accounts.store.ts";
import { refuseCommonPassword } from "./password.rules.ts";
import { isReserved } from "./reserved.handles.ts";

export interface NewAccount {
  handle: string;
  password: string;
  email?: string | undefined;
  displayName?: string | undefined;
}

/** An account that signs in from outside: no password. */
export interface OutsideAccount {
  /** To be tried in this order. */
  handles: readonly string[];
  displayName: string;
  /** Verified by the provider. Left out where another account has it. */
  email?: string | undefined;
  link: NewLink;
  invite?: string | undefined;
}

export interface RegistrationDeps {
  store: AccountsStore;
  sessions: Sessions;
  hasher: PasswordHasher;
  clock: Clock;
  ids: Ids;
  bus: Bus;
  audit: Audit;
  events: SecurityEvents;
  registration: "open" | "closed";
  /** True when an invite link with this token works now. */
  inviteValid: (token: string) => Promise<boolean>;
}

/** Making accounts. */
export interface Registration {
  /**
   * Makes an account and signs in. Throws `auth.registration_closed`, `account.handle_taken`, `account.email_taken`,
   * `account.password_common`. The first account of the server may always be made, and owns it.
   */
  register(input: NewAccount & { invite?: string | undefined }, visit: Visit): Promise<Grant>;
  /** For those who run the server: makes an account with a role, whatever registration says. */
  create(input: NewAccount & { role: Exclude<Role, "guest"> }): Promise<Account>;
  /** A guest with a session. */
  guest(visit: Visit): Promise<Grant>;
  /**
   * An account that belongs to an outside account. Throws `auth.registration_closed`; undefined: the outside account
   * belongs to somebody already.
   */
  fromOutside(input: OutsideAccount): Promise<AccountRecord | undefined>;
}

const GUEST_TRIES = 5;

export function createRegistration(deps: RegistrationDeps): Registration {
  const { store, ids, clock } = deps;

  const record = (input: Omit<NewAccount, "password">, role: Role): AccountRecord => ({
    id: ids.uuid(),
    handle: input.handle,
    displayName: input.displayName ?? input.handle,
    email: input.email?.toLowerCase() ?? null,
    avatar: null,
    role,
    createdAt: clock.now(),
    suspendedAt: null,
  });

  async function add(
    account: AccountRecord,
    passwordHash: string | null,
    onlyFirst: boolean,
    link?: NewLink,
  ): Promise<AccountRecord> {
    const made = await store.create(account, passwordHash, { onlyFirst, link });
    if ("refused" in made) {
      if (made.refused === "link_taken") throw new AppError("link.taken", "This outside account belongs to somebody.");
      if (made.refused === "closed")
        throw new AppError("auth.registration_closed", "This server takes no new accounts.");
      if (made.refused === "email_taken")
        throw new AppError("account.email_taken", "There is an account with this e-mail address.");
      throw new AppError("account.handle_taken", "This handle is taken.");
    }
    const { id, role } = made.account;
    deps.bus.publish(topics.accountCreated, JSON.stringify({ accountId: id, role }));
    deps.events.accountCreated(id, role);
    return made.account;
  }

  async function withPassword(input: NewAccount, role: Role, onlyFirst: boolean): Promise<AccountRecord> {
    if (isReserved(input.handle)) throw new AppError("account.handle_taken", "This handle is kept by the server.");
    await refuseCommonPassword(input.password, input, "password");
    // Before the costly hash; the database decides all the same.
    if ((await store.byHandles([input.handle])).length > 0)
      throw new AppError("account.handle_taken", "This handle is taken.");
    const passwordHash = await deps.hasher.hash(input.password);
    return add(record(input, role), passwordHash, onlyFirst);
  }

  /** Whether only the first account of the server may be made now. Throws `auth.registration_closed` where it exists. */
  async function admit(invite: string | undefined): Promise<{ onlyFirst: boolean }> {
    const invited = invite !== undefined && (await deps.inviteValid(invite));
    const onlyFirst = deps.registration === "closed" && !invited;
    if (onlyFirst && (await store.isFounded())) {
      throw new AppError("auth.registration_closed", "This server takes no new accounts.");
    }
    return { onlyFirst };
  }

  return {
    async register(input, visit) {
      const { onlyFirst } = await admit(input.invite);
      const account = await withPassword(input, "member", onlyFirst);
      return deps.sessions.open(account, visit);
    },

    async create(input) {
      const { role, ...given } = input;
      const account = await withPassword(checkNewAccount(given), role, false);
      await deps.audit.record({
        actorId: null,
        action: "account.created",
        subject: { kind: "account", id: account.id },
        details: { role: account.role },
      });
      return accountOf(account);
    },

    async guest(visit) {
      for (let tries = 1; ; tries++) {
        const handle = `guest-${ids
          .secret(16)
          .toLowerCase()
          .replaceAll(/[^a-z0-9]/g, "")
          .slice(0, 6)
          .padEnd(6, "0")}`;
        try {
          return await deps.sessions.open(await add(record({ handle }, "guest"), null, false), visit);
        } catch (error) {
          if (codeOf(error) !== "account.handle_taken" || tries >= GUEST_TRIES) throw error;
        }
      }
    },

    async fromOutside({ handles, displayName, link, ...input }) {
      const { onlyFirst } = await admit(input.invite);
      let email = input.email;
      for (const [at, handle] of handles.entries()) {
        try {
          // The provider has verified the address: it need not be shown again.
          const emailVerifiedAt = email === undefined ? null : clock.now();
          const account = { ...record({ handle, displayName, email }, "member"), emailVerifiedAt };
          return await add(account, null, onlyFirst, link);
        } catch (error) {
          const code = codeOf(error);
          if (code === "link.taken") return undefined;
          // Once more under the next name: those that come are random ones, and free.
          if (code === "account.email_taken" && email !== undefined) email = undefined;
          else if (code !== "account.handle_taken" || at === handles.length - 1) throw error;
        }
      }
      throw new AppError("account.handle_taken", "No handle was free.");
    },
  };
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : undefined);

/** The rules of the contract, for callers that come past its transport. Throws `request.invalid` with the fields. */
function checkNewAccount(input: NewAccount): NewAccount {
  const result = endpoints.register.body.safeParse(input);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  throw new AppError("request.invalid", fields.map(({ path, message }) => `${path} ${message}`).join("; "), { fields });
}
