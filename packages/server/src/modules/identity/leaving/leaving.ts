import { createHmac } from "node:crypto";
import type { Logger } from "pino";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Mail } from "../../../platform/mail/mail.ts";
import type { AccountsStore } from "../accounts/accounts.store.ts";
import type { Profiles } from "../accounts/profiles.ts";
import { topics } from "../identity.events.ts";
import type { Ended, LeavingStore } from "./leaving.store.ts";
import type { PersonalData } from "./personal.data.port.ts";

export interface LeavingDeps {
  store: LeavingStore;
  accounts: Pick<AccountsStore, "byIds">;
  personal: PersonalData;
  /** Takes the account's links away, and gives their tokens back where the provider can be reached. Safe to repeat. */
  unlinkAll(accountId: string): Promise<void>;
  profiles: Profiles;
  mail: Pick<Mail, "forget">;
  /** Makes this node look a session up anew. */
  forget: (sessionId: string) => void;
  clock: Clock;
  bus: Bus;
  audit: Audit;
  log: Logger;
  /** Keys the hashes that stay in the audit trail. */
  secret: string;
}

/** Deleting accounts. */
export interface Leaving {
  /**
   * Deletes the caller's account now; what it wrote is erased in the background, if that is wished. Throws
   * `request.invalid` when `handle` is not its own, `account.last_owner`.
   */
  leave(caller: AccountCaller, input: { handle: string; messages: "keep" | "erase" }): Promise<void>;
  /** Goes on erasing what is left. For a job every minute. */
  erase(): Promise<void>;
  /** Deletes guests that have come to nothing: not seen for seven days, and nothing written. */
  sweepGuests(): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const day = 86_400_000;
const handleKeptMs = 30 * day;
const guestIdleMs = 7 * day;
const guestsAtOnce = 500;

export function createLeaving(deps: LeavingDeps): Leaving {
  const { store, clock, bus, audit, log } = deps;
  let running: Promise<void> | undefined;

  function told(accountId: string, { sessionIds, tokens }: Ended): void {
    for (const { hash } of tokens) bus.publish(topics.tokenRevoked, JSON.stringify({ hash }));
    for (const sessionId of [...sessionIds, ...tokens.map(({ id }) => id)]) {
      deps.forget(sessionId);
      bus.publish(topics.sessionRevoked, JSON.stringify({ sessionId, accountId }));
    }
    deps.profiles.changed(accountId);
  }

  const hashed = (what: string, text: string) =>
    createHmac("sha256", deps.secret).update(`deleted ${what}: ${text}`).digest("base64url").slice(0, 22);

  async function eraseAll(): Promise<void> {
    for (const { accountId, messages } of await store.erasures(20)) {
      try {
        await deps.mail.forget(accountId);
        await deps.unlinkAll(accountId);
        await deps.personal.erase(accountId, messages);
        await store.erased(accountId);
      } catch (error) {
        log.error({ err: error, accountId }, "what an account left could not be erased yet");
      }
    }
  }

  /** One round at a time; whoever comes while one runs waits for it. */
  function erase(): Promise<void> {
    running ??= eraseAll().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    async leave(caller, { handle, messages }) {
      const { accountId } = caller;
      const [account] = await deps.accounts.byIds([accountId]);
      if (account === undefined) throw new AppError("account.not_found", "There is no such account.");
      if (account.handle !== handle.trim().toLowerCase()) {
        const message = "is not your handle";
        throw new AppError("request.invalid", "Type your own handle.", { fields: [{ path: "handle", message }] });
      }
      const now = clock.now();
      const ended = await store.remove(accountId, messages, now, now + handleKeptMs);
      if (ended === "last_owner") {
        throw new AppError(
          "account.last_owner",
          "This is the last owner of the server. Make somebody else owner first.",
        );
      }
      if (ended === "unknown") throw new AppError("account.not_found", "There is no such account.");
      told(accountId, ended);
      await audit.record({
        actorId: accountId,
        action: "account.deleted",
        subject: { kind: "account", id: accountId },
        details: {
          messages,
          handleHash: hashed("handle", account.handle),
          emailHash: account.email === null ? null : hashed("email", account.email),
        },
      });
      erase().catch((error: unknown) => log.error({ err: error }, "erasing failed"));
    },

    erase,

    async sweepGuests() {
      const before = clock.now() - guestIdleMs;
      for (let after = ""; ; ) {
        const idle = await store.idleGuests(before, after, guestsAtOnce);
        const traces = await deps.personal.traces(idle);
        const gone = idle.filter((id) => !traces.has(id));
        await store.removeGuests(gone);
        for (const id of gone) {
          await deps.personal.erase(id, "keep");
          deps.profiles.changed(id);
        }
        const last = idle.at(-1);
        if (last === undefined || idle.length < guestsAtOnce) break;
        after = last;
      }
      await store.freeHandles(clock.now());
    },

    close: async () => {
      await running;
    },
  };
}
