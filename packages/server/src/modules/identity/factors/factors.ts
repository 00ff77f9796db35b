import type { Audit } from "../../../platform/audit/audit.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { Vault } from "../../../platform/vault/vault.ts";
import type { UsableWays, WaysInStore } from "../linking/ways.in.store.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { SignInLimits } from "../sessions/sign.in.limits.ts";
import { type AuthenticatorApp, createAuthenticatorApp } from "./authenticator.app.ts";
import type { OnceStore } from "./once.store.ts";
import { createOnce, type Once } from "./once.ts";
import type { PasskeysStore } from "./passkeys.store.ts";
import { createPasskeys, type Passkeys } from "./passkeys.ts";
import type { RecoveryCodesStore } from "./recovery.codes.store.ts";
import { createRecoveryCodes, type RecoveryCodes } from "./recovery.codes.ts";
import type { RelyingParty } from "./relying.party.ts";
import { createSecondFactor, type SecondFactor } from "./second.factor.ts";
import type { TotpStore } from "./totp.store.ts";

export interface FactorsDeps {
  stores: { once: OnceStore; totp: TotpStore; passkeys: PasskeysStore; recovery: RecoveryCodesStore };
  /** Passkeys are one of the ways in, of which the last one stays. */
  ways: WaysInStore;
  usable: () => UsableWays;
  vault: Pick<Vault, "seal" | "open">;
  clock: Clock;
  ids: Ids;
  audit: Audit;
  events: SecurityEvents;
  limits: SignInLimits;
  party: () => RelyingParty | undefined;
  /** What an authenticator app shows as the name of this server. */
  issuer: () => string;
}

/** Everything by which people show who they are besides a password. */
export interface Factors {
  once: Once;
  app: AuthenticatorApp;
  passkeys: Passkeys;
  recovery: RecoveryCodes;
  secondFactor: SecondFactor;
}

export function createFactors(deps: FactorsDeps): Factors {
  const { stores, clock, ids, audit, events, limits } = deps;
  const once = createOnce({ store: stores.once, clock, ids });
  const app = createAuthenticatorApp({ ...deps, store: stores.totp });
  const passkeys = createPasskeys({ ...deps, store: stores.passkeys, once });
  const recovery = createRecoveryCodes({ store: stores.recovery, clock, ids });
  const secondFactor = createSecondFactor({ app, passkeys, recovery, limits, audit, events });
  return { once, app, passkeys, recovery, secondFactor };
}
