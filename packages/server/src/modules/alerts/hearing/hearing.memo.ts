import { z } from "zod";
import type { LeaseStore } from "./lease.store.ts";

const memo = z.object({
  transport: z.enum(["webhook", "conduit"]).nullable().catch(null),
  conduitId: z.string().nullable().catch(null),
  /** Conduit: whether the socket is open and registered. */
  connected: z.boolean().catch(false),
  /** Conduit: nobody is announced, so that none is needed. */
  idle: z.boolean().catch(false),
  problem: z.string().nullable().catch(null),
});
export type Memo = z.infer<typeof memo>;

/** What the leading node remembers for all, and for the next one. */
export interface HearingMemo {
  recall(): Promise<Memo>;
  /** Writes down what is different. Nothing happens on a node that does not lead. */
  remember(change: Partial<Memo>): Promise<void>;
}

export function createHearingMemo(store: LeaseStore, holder: string): HearingMemo {
  let writing: Promise<void> = Promise.resolve();

  async function recall(): Promise<Memo> {
    const text = await store.recall();
    return memo.parse(text === "" ? {} : JSON.parse(text));
  }

  async function write(change: Partial<Memo>): Promise<void> {
    const before = await recall();
    const after = { ...before, ...change };
    if (JSON.stringify(before) !== JSON.stringify(after)) await store.remember(holder, JSON.stringify(after));
  }

  return {
    recall,
    remember(change) {
      const done = writing.then(() => write(change));
      writing = done.catch(() => undefined);
      return done;
    },
  };
}
