import type { Passkey } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { UsableWays, WaysInStore } from "../linking/ways.in.store.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { Once } from "./once.ts";
import { creationOptions, requestOptions, verifyCreation, verifyUse } from "./passkey.ceremonies.ts";
import type { PasskeyRecord, PasskeysStore } from "./passkeys.store.ts";
import { noPasskeys, type RelyingParty } from "./relying.party.ts";

export interface PasskeysDeps {
  store: PasskeysStore;
  ways: Pick<WaysInStore, "removeUnlessLast">;
  usable: () => UsableWays;
  once: Once;
  /** Undefined where this server cannot have passkeys. */
  party: () => RelyingParty | undefined;
  clock: Clock;
  ids: Ids;
  audit: Audit;
  events: SecurityEvents;
}

/** What a browser is given: it goes into `navigator.credentials`. */
export interface Ceremony {
  publicKey: Record<string, unknown>;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Passkeys of accounts. Everything throws `passkey.not_possible` where this server cannot have any. */
export interface Passkeys {
  list(accountId: string): Promise<PasskeyRecord[]>;
  /** Begins to add one. */
  begin(caller: AccountCaller): Promise<Ceremony>;
  /** Throws `auth.passkey_invalid`, `passkey.known`, `passkey.too_many`. */
  add(caller: AccountCaller, name: string | undefined, response: unknown): Promise<PasskeyRecord>;
  /** Throws `passkey.not_found`. */
  rename(caller: AccountCaller, passkeyId: string, name: string): Promise<PasskeyRecord>;
  /** Throws `passkey.not_found`, and `link.last_way_in` for the last way to sign in. */
  remove(caller: AccountCaller, passkeyId: string): Promise<void>;
  /** Begins to use one, whoever it may belong to. */
  ask(): Promise<Ceremony>;
  /**
   * Who the answer to `ask` comes from. `accountId`: it must be this account's. Throws `auth.passkey_invalid` for
   * whatever is wrong: one answer, so that nobody learns which passkeys exist.
   */
  prove(response: { id: string; [field: string]: unknown }, accountId?: string): Promise<string>;
}

const challengeSeconds = 300;
const most = 20;

const invalid = () => new AppError("auth.passkey_invalid", "This passkey was not accepted. Please try again.");

export function createPasskeys(deps: PasskeysDeps): Passkeys {
  const { store, once, clock, ids, audit, events } = deps;
  function party(): RelyingParty {
    const found = deps.party();
    if (found === undefined) throw noPasskeys();
    return found;
  }
  const told = (caller: AccountCaller, action: string, passkeyId: string) =>
    audit.record({
      actorId: caller.accountId,
      action,
      subject: { kind: "account", id: caller.accountId },
      details: { passkeyId },
    });

  return {
    list: (accountId) => store.list(accountId),

    async begin({ accountId, profile }) {
      const known = await store.list(accountId);
      if (known.length >= most) throw new AppError("passkey.too_many", `An account has at most ${most} passkeys.`);
      const { text, expiresAt } = await once.issue("passkey_add", challengeSeconds, { accountId });
      const owner = { accountId, handle: profile.handle, displayName: profile.displayName };
      return { publicKey: { ...(await creationOptions(party(), owner, known, text)) }, expiresAt };
    },

    async add(caller, name, response) {
      const { accountId } = caller;
      const made = await verifyCreation(party(), response, async (challenge) => {
        const taken = await once.take("passkey_add", challenge);
        return taken?.accountId === accountId;
      });
      if (made === undefined) throw invalid();
      const now = clock.now();
      const passkey: PasskeyRecord = {
        ...made,
        id: ids.uuid(),
        accountId,
        name: name ?? `Passkey of ${isoTime(now).slice(0, 10)}`,
        createdAt: now,
        lastUsedAt: null,
      };
      const outcome = await store.add(passkey, most);
      if (outcome === "known") throw new AppError("passkey.known", "This passkey is known already.");
      if (outcome === "too_many") throw new AppError("passkey.too_many", `An account has at most ${most} passkeys.`);
      await told(caller, "passkey.added", passkey.id);
      return passkey;
    },

    async rename({ accountId }, passkeyId, name) {
      const renamed = await store.rename(accountId, passkeyId, name);
      if (renamed === undefined) throw new AppError("passkey.not_found", "There is no such passkey.");
      return renamed;
    },

    async remove(caller, passkeyId) {
      const outcome = await deps.ways.removeUnlessLast(caller.accountId, { passkeyId }, deps.usable());
      if (outcome === "unknown") throw new AppError("passkey.not_found", "There is no such passkey.");
      if (outcome === "last") {
        throw new AppError(
          "link.last_way_in",
          "This is your only way to sign in. Set a password, add another passkey or link an account first.",
        );
      }
      await told(caller, "passkey.removed", passkeyId);
    },

    async ask() {
      const relying = party();
      const { text, expiresAt } = await once.issue("passkey_use", challengeSeconds);
      return { publicKey: { ...(await requestOptions(relying, text)) }, expiresAt };
    },

    async prove(response, accountId) {
      const relying = party();
      const passkey = await store.byCredential(response.id);
      if (passkey === undefined || (accountId !== undefined && passkey.accountId !== accountId)) throw invalid();
      if (!isOwner(response, passkey.accountId)) throw invalid();
      const found = await verifyUse(relying, response, passkey, async (challenge) => {
        return (await once.take("passkey_use", challenge)) !== undefined;
      });
      if (found === undefined) throw invalid();
      if (!(await store.used(passkey.id, found.counter, found.synced, clock.now()))) {
        events.signInFailed(passkey.accountId, "passkey_copied");
        throw invalid();
      }
      return passkey.accountId;
    },
  };
}

/** A passkey as its owner sees it. */
export function passkeyView(passkey: PasskeyRecord): Passkey {
  return {
    passkeyId: passkey.id,
    name: passkey.name,
    createdAt: isoTime(passkey.createdAt),
    ...(passkey.lastUsedAt === null ? {} : { lastUsedAt: isoTime(passkey.lastUsedAt) }),
    synced: passkey.synced,
  };
}

/** The authenticator names its user where it found the passkey by itself: that must be the one it was made for. */
function isOwner(response: { [field: string]: unknown }, accountId: string): boolean {
  const { userHandle } = (response["response"] ?? {}) as { userHandle?: unknown };
  if (userHandle === undefined || userHandle === null || userHandle === "") return true;
  return userHandle === Buffer.from(accountId).toString("base64url");
}
