import { timingSafeEqual } from "node:crypto";
import type { SignInProvider as ProviderName } from "@foyer/protocol";
import type { Clock, Ids } from "../../../../platform/clock/clock.ts";
import { AppError } from "../../../../platform/errors/app.error.ts";
import { type FlowSeal, hashState } from "./flow.seal.ts";
import type { Flow } from "./flow.ts";
import type { UsedFlowsStore } from "./used.flows.store.ts";

/** Ways to a provider and back. Each is bound to one browser and one provider, lasts ten minutes, and works once. */
export interface Flows {
  /** A new flow, and what the browser has to keep of it. */
  begin(wanted: Pick<Flow, "provider" | "mode"> & Partial<Flow>): Promise<{ flow: Flow; sealed: string }>;
  /**
   * The flow that a browser comes back from, used up by that. Throws `sign_in.flow_invalid` for a state that this
   * browser did not start, that is another provider's, over, or used.
   */
  finish(back: WayBack): Promise<Flow>;
  /** The same flow, as long as its ten minutes last, and left as it is: for saying what somebody wanted. */
  peek(back: WayBack): Promise<Flow | undefined>;
  sweep(): Promise<void>;
}

/** What a browser comes back with: the state, and what it kept of the flow. */
export interface WayBack {
  provider: ProviderName;
  state: string;
  sealed: string | undefined;
}

/** How long a person may take at the provider. */
export const FLOW_SECONDS = 600;

export interface FlowsDeps {
  store: UsedFlowsStore;
  seal: FlowSeal;
  clock: Clock;
  ids: Ids;
}

export function createFlows({ store, seal, clock, ids }: FlowsDeps): Flows {
  async function peek({ provider, state, sealed }: WayBack): Promise<Flow | undefined> {
    const flow = sealed === undefined ? undefined : await seal.open(sealed);
    return flow !== undefined && isSame(flow.state, state) && flow.provider === provider ? flow : undefined;
  }

  return {
    peek,

    async begin(wanted) {
      const flow: Flow = {
        ...wanted,
        state: ids.secret(24),
        nonce: ids.secret(24),
        verifier: ids.secret(32),
        expiresAt: clock.now() + FLOW_SECONDS * 1000,
      };
      return { flow, sealed: await seal.seal(flow) };
    },

    async finish(back) {
      const flow = await peek(back);
      if (flow === undefined) throw invalid();
      // Last, so that only whoever holds the flow can use it up; and before the code is spent.
      if (!(await store.use(hashState(flow.state), flow.expiresAt))) throw invalid();
      return flow;
    },

    sweep: () => store.sweep(clock.now()),
  };
}

/** One answer for all of them: which part was wrong is nobody's business. */
function invalid(): AppError {
  return new AppError(
    "sign_in.flow_invalid",
    "This sign-in was not started in this browser, took longer than ten minutes, or was used already. Start again.",
  );
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(hashState(a)), Buffer.from(hashState(b))];
  return timingSafeEqual(left, right);
}
