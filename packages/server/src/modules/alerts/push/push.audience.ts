import type { PushAudience } from "../destinations/audience.port.ts";
import { defaultChoice } from "../preferences/preference.policy.ts";
import { isQuiet } from "../preferences/quiet.hours.policy.ts";
import type { DevicesStore } from "./devices.store.ts";

export interface PushAudienceDeps {
  store: Pick<DevicesStore, "wanting">;
  /** Which of these accounts may not use the server now. */
  suspended(accountIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Who gets push, by what they chose. */
export function createPushAudience({ store, suspended }: PushAudienceDeps): PushAudience {
  return {
    async devices(guildId, broadcasterId, now) {
      const wanting = await store.wanting(guildId, broadcasterId, defaultChoice(guildId).push);
      const awake = wanting.filter(({ quiet }) => quiet === null || !isQuiet(quiet, now));
      const out = await suspended([...new Set(awake.map(({ accountId }) => accountId))]);
      return awake.filter(({ accountId }) => !out.has(accountId)).map(({ pushId }) => pushId);
    },
  };
}
