import type { Logger } from "pino";
import type { Audit } from "../../platform/audit/audit.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { Mail } from "../../platform/mail/mail.ts";
import type { AccountsStore } from "./accounts/accounts.store.ts";
import type { Profiles } from "./accounts/profiles.ts";
import type { Credentials } from "./credentials/credentials.ts";
import type { LinksStore } from "./credentials/links.store.ts";
import type { Factors } from "./factors/factors.ts";
import { createStepUp, type StepUp } from "./factors/step.up.ts";
import { type AccountExport, createAccountExport } from "./leaving/export.ts";
import type { LeavingStore } from "./leaving/leaving.store.ts";
import { createLeaving, type Leaving } from "./leaving/leaving.ts";
import type { PersonalData } from "./leaving/personal.data.port.ts";
import { type Addresses, createAddresses } from "./letters/addresses.ts";
import type { Post } from "./letters/post.ts";
import type { ProgramTokens } from "./programs/program.tokens.ts";
import type { PasswordHasher } from "./secrets/password.hash.ts";
import type { SecurityEvents } from "./security.events.ts";
import type { Sessions } from "./sessions/sessions.ts";
import type { SignInLimits } from "./sessions/sign.in.limits.ts";

export interface KeepingDeps {
  leavingStore: LeavingStore;
  accounts: AccountsStore;
  profiles: Profiles;
  sessions: Sessions;
  hasher: PasswordHasher;
  limits: SignInLimits;
  factors: Factors;
  programs: ProgramTokens;
  post: Post;
  mail: Mail;
  entrusted: { credentials: Pick<Credentials, "forget">; links: LinksStore };
  personal: PersonalData;
  /** Makes this node look a session up anew. */
  forget: (sessionId: string) => void;
  publicUrl: () => string;
  secret: string;
  audit: Audit;
  events: SecurityEvents;
  limiter: RateLimiter;
  clock: Clock;
  bus: Bus;
  log: Logger;
}

/** Fresh proofs, e-mail addresses, the export of an account and its end. */
export interface Keeping {
  stepUp: StepUp;
  addresses: Addresses;
  accountExport: AccountExport;
  leaving: Leaving;
}

export function createKeeping(deps: KeepingDeps): Keeping {
  const { accounts, factors, personal, clock, audit, entrusted } = deps;
  const stepUp = createStepUp({ ...deps, secondFactor: factors.secondFactor });
  const addresses = createAddresses({ ...deps, once: factors.once, now: () => clock.now() });
  const accountExport = createAccountExport({ ...deps, ...factors, links: entrusted.links, accounts, audit });
  const leaving = createLeaving({
    ...deps,
    store: deps.leavingStore,
    personal,
    async unlinkAll(accountId) {
      for (const { provider } of await entrusted.links.list(accountId)) {
        await entrusted.credentials.forget(accountId, provider);
      }
    },
  });
  return {
    stepUp,
    addresses,
    accountExport,
    leaving,
  };
}
