import type { GuestAccess } from "@foyer/protocol";
import { isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { HttpFace } from "../../../transports/http/index.ts";
import type { AccountsStore } from "../accounts/accounts.store.ts";
import type { OwnAccount } from "../accounts/own.account.ts";
import type { Registration } from "../accounts/registration.ts";
import type { Addresses } from "../letters/addresses.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SignIn } from "../sessions/sign.in.ts";
import type { Tickets } from "../sessions/tickets.ts";
import { give, visitOf } from "./visit.http.ts";

export interface AuthHttpDeps {
  registration: Registration;
  signIn: SignIn;
  sessions: Sessions;
  tickets: Tickets;
  ownAccount: OwnAccount;
  addresses: Pick<Addresses, "offerVerification">;
  store: Pick<AccountsStore, "isFounded">;
  policy: "open" | "closed";
  /** The most that guests may do in any room. */
  guestAccess: () => Promise<GuestAccess> | GuestAccess;
  /** Throws `rate.limited` where one address makes too many guests. */
  admitGuest: (addressHash: string) => Promise<void>;
}

/** Mounts what is tagged `auth`. */
export function mountAuth(http: HttpFace, deps: AuthHttpDeps): void {
  const { registration, signIn, sessions, tickets, ownAccount } = deps;

  http.mount("register", async (context) => {
    const grant = await registration.register(context.body, { ...visitOf(context), proven: true });
    if (grant.account.email !== undefined) deps.addresses.offerVerification(grant.account.accountId);
    return give(context, grant);
  });
  http.mount("login", async (context) => give(context, await signIn.signIn(context.body, visitOf(context))));

  http.mount("guest", async (context) => {
    if ((await deps.guestAccess()) === "none") {
      throw new AppError("room.guests_not_allowed", "No room of this server lets guests in.");
    }
    if (context.caller.kind === "account" && context.caller.role !== "guest") {
      throw new AppError("auth.forbidden", "Sign out first to become a guest.");
    }
    await deps.admitGuest(context.addressHash);
    return give(context, await registration.guest(visitOf(context)));
  });

  http.mount("logout", async ({ caller, clearSession }) => {
    if (caller.kind === "account") await sessions.end(caller);
    clearSession();
  });

  http.mount("session", async ({ caller }) => {
    const [isFounded, guests] = await Promise.all([deps.store.isFounded(), deps.guestAccess()]);
    const server = { setup: !isFounded, registration: deps.policy, guests };
    if (caller.kind === "anonymous") return { account: null, ...server };
    const account = await ownAccount.get(caller.accountId);
    return { account, sessionId: caller.sessionId, expiresAt: isoTime(caller.expiresAt), ...server };
  });

  http.mount("ticket", async ({ account }) => {
    const { ticket, expiresAt } = await tickets.issue(account());
    return { ticket, expiresAt: isoTime(expiresAt) };
  });

  http.mount("listSessions", async ({ account }) => ({ items: await sessions.list(account()) }));
  http.mount("revokeSession", async ({ account, params, clearSession }) => {
    const caller = account();
    await sessions.revoke(caller, params.sessionId);
    if (params.sessionId === caller.sessionId) clearSession();
  });
  http.mount("revokeOtherSessions", async ({ account }) => {
    const caller = account();
    await sessions.endAll(caller.accountId, caller.sessionId);
  });

  http.mount("updateProfile", ({ account, body }) => ownAccount.updateProfile(account(), body));
  http.mount("changePassword", ({ account, body }) => ownAccount.changePassword(account(), body));
}
