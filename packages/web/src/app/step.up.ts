import type { FoyerError } from "@foyer/client";
import type { ProofMethod } from "@foyer/protocol";
import { createContext, use, useSyncExternalStore } from "react";

/** What is being asked now: by what the person can show who they are, and who waits for it. */
export interface StepUpQuestion {
  methods: readonly ProofMethod[];
  /** True: it was shown. False: the person gave up. */
  settle: (shown: boolean) => void;
}

/**
 * The one place where a person is asked to show again who they are. `recover` goes into the client: any call that the
 * server refuses with `auth.step_up_required` waits for the answer and is then made again.
 */
export interface StepUp {
  recover: (error: FoyerError) => Promise<boolean>;
  /** Asks without a call that was refused: for what is not a call, such as a download. */
  ask: (methods: readonly ProofMethod[]) => Promise<boolean>;
  current: () => StepUpQuestion | undefined;
  subscribe: (listener: () => void) => () => void;
}

/** A step-up that nobody is asked for yet. Whoever asks while a question is open waits for the same answer. */
export function createStepUp(): StepUp {
  const listeners = new Set<() => void>();
  let question: StepUpQuestion | undefined;
  let answer: Promise<boolean> | undefined;

  function show(next: StepUpQuestion | undefined): void {
    question = next;
    for (const listener of listeners) listener();
  }

  function ask(methods: readonly ProofMethod[]): Promise<boolean> {
    answer ??= new Promise<boolean>((resolve) => {
      show({
        methods,
        settle: (shown) => {
          answer = undefined;
          show(undefined);
          resolve(shown);
        },
      });
    });
    return answer;
  }

  return {
    recover: async (error) => error.code === "auth.step_up_required" && ask(error.methods ?? []),
    ask,
    current: () => question,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const StepUpContext = createContext<StepUp | undefined>(undefined);

/** Hands one step-up to all below. */
export const StepUpProvider = StepUpContext;

/** The step-up of this page. Throws outside a StepUpProvider. */
export function useStepUp(): StepUp {
  const stepUp = use(StepUpContext);
  if (stepUp === undefined) throw new Error("useStepUp needs a StepUpProvider above it");
  return stepUp;
}

/** What is being asked now; renders again when that changes. */
export function useStepUpQuestion(): StepUpQuestion | undefined {
  const { subscribe, current } = useStepUp();
  return useSyncExternalStore(subscribe, current);
}
