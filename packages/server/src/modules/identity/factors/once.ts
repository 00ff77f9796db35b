import { createHash } from "node:crypto";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { OnceKind } from "./factors.tables.ts";
import type { OnceStore } from "./once.store.ts";

/** What was given out, as its holder knows it. */
export interface OnceHeld {
  accountId: string | null;
  data: string | null;
}

/** Gives out texts of 32 random bytes that are good once, for a while, and for one purpose. */
export interface Once {
  /** `seconds`: how long it is good. */
  issue(kind: OnceKind, seconds: number, held?: Partial<OnceHeld>): Promise<{ text: string; expiresAt: number }>;
  /** Undefined: used, over, unknown, or given out for something else. */
  find(kind: OnceKind, text: string): Promise<OnceHeld | undefined>;
  /** The same, and uses it up: of many at once one gets it. */
  take(kind: OnceKind, text: string): Promise<OnceHeld | undefined>;
  forget(accountId: string, kinds: readonly OnceKind[]): Promise<void>;
  sweep(): Promise<void>;
}

export function createOnce({ store, clock, ids }: { store: OnceStore; clock: Clock; ids: Ids }): Once {
  return {
    async issue(kind, seconds, held = {}) {
      const text = ids.secret(32);
      const expiresAt = clock.now() + seconds * 1000;
      const { accountId = null, data = null } = held;
      await store.add({ hash: sha256(text), kind, accountId, data, expiresAt });
      return { text, expiresAt };
    },
    find: async (kind, text) => (text.length > 128 ? undefined : store.find(kind, sha256(text), clock.now())),
    take: async (kind, text) => (text.length > 128 ? undefined : store.take(kind, sha256(text), clock.now())),
    forget: (accountId, kinds) => store.forget(accountId, kinds),
    sweep: () => store.sweep(clock.now()),
  };
}

/** Enough for texts that nobody can guess: SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
