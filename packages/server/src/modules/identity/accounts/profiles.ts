import type { Profile } from "@foyer/protocol";
import { type Bus, gapTopic } from "../../../platform/bus/bus.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { topics } from "../identity.events.ts";
import { createLoadingCache } from "../secrets/loading.cache.ts";
import { profileOf } from "./account.view.ts";
import type { AccountRecord, AccountsStore } from "./accounts.store.ts";
import { systemProfile } from "./system.account.ts";

/** Accounts by id through a bounded cache, which `identity.account_changed` clears. */
export interface Profiles {
  /** Unknown ids are absent. */
  records(accountIds: readonly string[]): Promise<Map<string, AccountRecord>>;
  profiles(accountIds: readonly string[]): Promise<Map<string, Profile>>;
  /** Tells all nodes, this one at once, that an account is not what it was. */
  changed(accountId: string): void;
  close(): void;
}

/** A change that the bus lost counts after this long. */
const MAX_AGE = 60_000;

export function createProfiles({ store, clock, bus }: { store: AccountsStore; clock: Clock; bus: Bus }): Profiles {
  const cache = createLoadingCache<AccountRecord>({
    load: async (ids) => new Map((await store.byIds(ids)).map((record) => [record.id, record])),
    clock,
    size: 20_000,
    maxAge: MAX_AGE,
  });
  const ends = [
    bus.subscribe(topics.accountChanged, (payload) => {
      cache.forget((JSON.parse(payload) as { accountId: string }).accountId);
    }),
    bus.subscribe(gapTopic, () => cache.clear()),
  ];
  return {
    records: (accountIds) => cache.get(accountIds),
    async profiles(accountIds) {
      const records = await cache.get(accountIds.filter((id) => id !== systemProfile.accountId));
      const profiles = new Map([...records].map(([id, record]) => [id, profileOf(record)]));
      if (accountIds.includes(systemProfile.accountId)) profiles.set(systemProfile.accountId, systemProfile);
      return profiles;
    },
    changed(accountId) {
      // A bus to other nodes comes back late; whoever made the change must not see the old state.
      cache.forget(accountId);
      bus.publish(topics.accountChanged, JSON.stringify({ accountId }));
    },
    close() {
      for (const end of ends) end();
    },
  };
}
