import type { Account, Role } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { StepUp } from "../factors/step.up.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { accountOf } from "./account.view.ts";
import type { AccountRecord, AccountsStore } from "./accounts.store.ts";
import { type Act, whyNotSetRole, whyNotSuspend } from "./administration.policy.ts";
import type { Profiles } from "./profiles.ts";

export interface AdministrationDeps {
  store: AccountsStore;
  profiles: Profiles;
  sessions: Sessions;
  audit: Audit;
  clock: Clock;
  stepUp: Pick<StepUp, "require">;
  /** Takes the fresh proofs away from all sessions of an account. */
  forgetProofs(accountId: string): Promise<void>;
}

/** What admins do with other people's accounts. Everything is audited. */
export interface Administration {
  /** Newest first. `text` is looked for in handles, names and the beginning of e-mail addresses. */
  list(query: {
    text: string;
    cursor: string | undefined;
    limit: number;
  }): Promise<{ items: Account[]; next?: string }>;
  /**
   * Throws `account.not_found`, `auth.forbidden`, `account.last_owner`; `auth.step_up_required` for making somebody
   * owner. Suspending ends all sessions.
   */
  update(
    caller: AccountCaller,
    accountId: string,
    change: { role?: Exclude<Role, "guest"> | undefined; suspended?: boolean | undefined },
  ): Promise<Account>;
}

/** How often a change is tried again that met another one. */
const TRIES = 3;

export function createAdministration(deps: AdministrationDeps): Administration {
  const { store, profiles, sessions, audit, clock } = deps;

  /** Both people as the database knows them now: what the caller brought may be a little old. */
  async function read(caller: AccountCaller, accountId: string): Promise<{ target: AccountRecord; act: Act }> {
    const records = await store.byIds([...new Set([caller.accountId, accountId])]);
    const actor = records.find(({ id }) => id === caller.accountId);
    const target = records.find(({ id }) => id === accountId);
    if (target === undefined) throw new AppError("account.not_found", "There is no such account.");
    if (actor === undefined || actor.suspendedAt !== null)
      throw new AppError("auth.forbidden", "This account may not do that.");
    return { target, act: { actorRole: actor.role, targetRole: target.role, isSelf: actor.id === target.id } };
  }

  /** Decides on what is true now, changes only if it still is, and decides anew otherwise. */
  async function attempt(
    caller: AccountCaller,
    accountId: string,
    whyNot: (act: Act) => string | undefined,
    change: (target: AccountRecord) => Promise<"done" | "changed" | "last_owner">,
  ): Promise<AccountRecord> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { target, act } = await read(caller, accountId);
      const refusal = whyNot(act);
      if (refusal !== undefined) throw new AppError("auth.forbidden", refusal);
      const result = await change(target);
      if (result === "last_owner") throw new AppError("account.last_owner", "This is the last owner of the server.");
      if (result === "done") return target;
    }
    throw new AppError("server.busy", "Somebody else changes this account at the same time.", { retryAfter: 1 });
  }

  async function setRole(caller: AccountCaller, accountId: string, role: Exclude<Role, "guest">): Promise<void> {
    const before = await attempt(
      caller,
      accountId,
      (act) => whyNotSetRole(act, role),
      async (target) => {
        if (target.role === role) return "done";
        if (role === "owner") await deps.stepUp.require(caller);
        return store.setRole(accountId, target.role, role);
      },
    );
    if (before.role === role) return;
    // Whoever gets a higher role shows again who they are before they do something dangerous with it.
    await deps.forgetProofs(accountId);
    profiles.changed(accountId);
    await audit.record({
      actorId: caller.accountId,
      action: "account.role_changed",
      subject: { kind: "account", id: accountId },
      details: { from: before.role, to: role },
    });
  }

  async function setSuspended(caller: AccountCaller, accountId: string, suspended: boolean): Promise<void> {
    const before = await attempt(caller, accountId, whyNotSuspend, async (target) =>
      (target.suspendedAt !== null) === suspended
        ? "done"
        : store.setSuspended(accountId, target.role, suspended ? clock.now() : null),
    );
    // Also when it was suspended already: doing it again must leave no session behind.
    if (suspended) await sessions.endAll(accountId);
    if ((before.suspendedAt !== null) === suspended) return;
    profiles.changed(accountId);
    await audit.record({
      actorId: caller.accountId,
      action: suspended ? "account.suspended" : "account.unsuspended",
      subject: { kind: "account", id: accountId },
    });
  }

  return {
    async list({ text, cursor, limit }) {
      const records = await store.page({ text: text.trim(), cursor, limit: limit + 1 });
      const shown = records.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(accountOf),
        ...(records.length > limit && last !== undefined ? { next: last.id } : {}),
      };
    },

    async update(caller, accountId, change) {
      if (change.role !== undefined) await setRole(caller, accountId, change.role);
      if (change.suspended !== undefined) await setSuspended(caller, accountId, change.suspended);
      const [record] = await store.byIds([accountId]);
      if (record === undefined) throw new AppError("account.not_found", "There is no such account.");
      return accountOf(record);
    },
  };
}
