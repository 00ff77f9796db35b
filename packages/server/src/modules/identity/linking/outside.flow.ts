import type { PermissionLevel, SignInProvider as ProviderName } from "@foyer/protocol";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { Flow, FlowWishes } from "./flows/flow.ts";
import type { Flows } from "./flows/flows.ts";
import type { Arrival, OutsideSignIn } from "./outside.sign.in.ts";
import { compareLevels } from "./permission.levels.ts";
import type { Providers } from "./providers.ts";

export interface OutsideFlowDeps {
  flows: Flows;
  providers: Providers;
  signIn: OutsideSignIn;
  events: SecurityEvents;
}

/** Where the browser goes, and what it has to keep. `expiresAt` in milliseconds since 1970. */
export interface Departure {
  url: string;
  state: string;
  sealed: string;
  expiresAt: number;
}

/** The whole way to a provider and back. */
export interface OutsideFlow {
  /** Throws `sign_in.not_configured`, `provider.unavailable`. */
  depart(provider: ProviderName, mode: Flow["mode"], session: Flow["session"], wishes: FlowWishes): Promise<Departure>;
  /** Throws what `Flows.finish`, `SignInProvider.complete` and `OutsideSignIn.arrive` throw. */
  comeBack(
    provider: ProviderName,
    search: string,
    sealedOf: (state: string) => string | undefined,
  ): Promise<Arrival & { flow: Flow; level: PermissionLevel | undefined }>;
  /** The flow that such an answer belongs to, used or not; undefined where this browser has none (any more). */
  begun(
    provider: ProviderName,
    search: string,
    sealedOf: (state: string) => string | undefined,
  ): Promise<Flow | undefined>;
}

const LOWEST: PermissionLevel = "viewer";

export function createOutsideFlow({ flows, providers, signIn, events }: OutsideFlowDeps): OutsideFlow {
  async function back(provider: ProviderName, search: string, sealedOf: (state: string) => string | undefined) {
    const configured = providers.get(provider);
    const state = stateOf(search);
    const flow = await flows.finish({ provider, state, sealed: sealedOf(state) });
    const callback = new URL(providers.redirectUri(provider));
    callback.search = search;
    const { person, tokens } = await configured.complete(flow, callback);
    const arrival = await signIn.arrive(flow, configured, person, tokens);
    return { ...arrival, flow, level: flow.level };
  }

  return {
    async depart(provider, mode, session, wishes) {
      const configured = providers.get(provider);
      const level = configured.levels === undefined ? undefined : wishes.level;
      const { flow, sealed } = await flows.begin({ ...wishes, provider, mode, session, level });
      const url = await configured.authorizeUrl(flow, {
        redirectUri: providers.redirectUri(provider),
        level: configured.levels === undefined ? undefined : (level ?? LOWEST),
        // A link that somebody else made you open must not raise what Foyer may do without asking you.
        askAgain: mode === "link" || (level !== undefined && compareLevels(level, LOWEST) > 0),
      });
      return { url: url.href, state: flow.state, sealed, expiresAt: flow.expiresAt };
    },

    begun(provider, search, sealedOf) {
      const state = stateOf(search);
      return flows.peek({ provider, state, sealed: sealedOf(state) });
    },

    async comeBack(provider, search, sealedOf) {
      try {
        return await back(provider, search, sealedOf);
      } catch (error) {
        const code = error instanceof AppError ? error.code : undefined;
        if (code === "sign_in.flow_invalid") events.signInFailed(undefined, "flow");
        else if (code === "sign_in.refused") events.signInFailed(undefined, "provider");
        throw error;
      }
    },
  };
}

/** Two of them are nobody's honest answer; none is left to the flow, which says what happened. */
function stateOf(search: string): string {
  const states = new URLSearchParams(search).getAll("state");
  return states.length === 1 ? (states[0] ?? "") : "";
}
