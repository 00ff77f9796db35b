import { z } from "zod";

/** Limits that a server tells in `hello`, so that clients need not guess. 0 means unlimited where a limit can be off. */
export const limits = z.object({
  frameBytes: z.number().int(),
  messageCharacters: z.number().int(),
  subscriptionsPerConnection: z.number().int(),
  messagesPer5Seconds: z.number().int(),
  connectionsPerAccount: z.number().int(),
  historyPage: z.number().int(),
});
export type Limits = z.infer<typeof limits>;
