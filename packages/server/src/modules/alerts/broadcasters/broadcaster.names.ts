import type { Logger } from "pino";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { SubscriptionsStore } from "../hearing/subscriptions.store.ts";
import type { TwitchApi } from "../hearing/twitch.port.ts";
import type { BroadcastersStore } from "./broadcasters.store.ts";

export interface BroadcasterNamesDeps {
  store: Pick<BroadcastersStore, "rename">;
  subscriptions: Pick<SubscriptionsStore, "announced">;
  api: Pick<TwitchApi, "usersByIds">;
  clock: Clock;
  log: Logger;
}

const EVERY_MS = 6 * 3_600_000;
const AGAIN_MS = 600_000;

/** People rename themselves: a chore that asks some times a day how they are called and look now. Never throws. */
export function createBroadcasterNames(deps: BroadcasterNamesDeps): () => Promise<void> {
  const { store, api, clock, log } = deps;
  let dueAt = 0;
  return async () => {
    const now = clock.now();
    if (now < dueAt) return;
    dueAt = now + EVERY_MS;
    try {
      const announced = await deps.subscriptions.announced();
      if (announced.length === 0) return;
      const users = await api.usersByIds(announced.map(({ twitchId }) => twitchId));
      const changed = await store.rename(users);
      if (changed.length > 0) log.info({ count: changed.length }, "streamers are called or look otherwise now");
    } catch (error) {
      dueAt = now + AGAIN_MS;
      log.warn({ err: error }, "names of streamers could not be asked");
    }
  };
}
