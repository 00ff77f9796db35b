import type { Attempt, Delivery, DeliveryState } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Caller } from "../../../platform/caller/caller.ts";
import { type Clock, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import { uselessAfterMs } from "./delivery.times.ts";
import { type DeliveryRecord, type HistoryStore, stateOf } from "./history.store.ts";

export interface HistoryDeps {
  store: HistoryStore;
  access: GuildAccess;
  audit: Audit;
  clock: Clock;
  /** There is something to deliver. */
  wake: () => void;
}

/** What was delivered, for those who manage a guild. Everything throws what `GuildAccess.manage` throws. */
export interface History {
  list(
    caller: Caller,
    guildId: string,
    query: { state?: DeliveryState | undefined; cursor?: string | undefined; limit: number },
  ): Promise<{ items: Delivery[]; next?: string }>;
  /** Throws `delivery.not_found`. */
  get(caller: Caller, guildId: string, deliveryId: string): Promise<Delivery & { history: Attempt[] }>;
  /** Throws `delivery.not_found`, `delivery.not_failed`. */
  retry(caller: Caller, guildId: string, deliveryId: string): Promise<Delivery>;
}

/** The history over its store. */
export function createHistory({ store, access, audit, clock, wake }: HistoryDeps): History {
  async function find(guildId: string, deliveryId: string): Promise<DeliveryRecord> {
    const found = await store.find(guildId, deliveryId);
    if (found === undefined) throw new AppError("delivery.not_found", "There is no such delivery.");
    return found;
  }

  return {
    async list(caller, guildId, query) {
      await access.manage(caller, guildId);
      const { items, next } = await store.list(guildId, query);
      return { items: items.map(deliveryView), ...(next === undefined ? {} : { next }) };
    },

    async get(caller, guildId, deliveryId) {
      await access.manage(caller, guildId);
      const found = await find(guildId, deliveryId);
      const tries = await store.tries(guildId, deliveryId);
      return { ...deliveryView(found), history: tries.map((each) => ({ ...each, at: isoTime(each.at) })) };
    },

    async retry(caller, guildId, deliveryId) {
      const { accountId } = await access.manage(caller, guildId);
      await find(guildId, deliveryId);
      const now = clock.now();
      const count = await store.retry(guildId, deliveryId, now, now + uselessAfterMs);
      if (count === 0) throw new AppError("delivery.not_failed", "Nothing of this delivery has failed.");
      const subject = { kind: "delivery", id: deliveryId };
      await audit.record({ actorId: accountId, action: "delivery.retried", subject, details: { guildId, count } });
      const view = deliveryView(await find(guildId, deliveryId));
      wake();
      return view;
    },
  };
}

/** A delivery as pages see it. */
export function deliveryView(record: DeliveryRecord): Delivery {
  const { recipients, startedAt, sentAt, nextTryAt, ...rest } = record;
  const state = stateOf(recipients);
  return {
    ...rest,
    state,
    startedAt: isoTime(startedAt),
    sentAt: sentAt === null ? null : isoTime(sentAt),
    nextTryAt: nextTryAt === null ? null : isoTime(nextTryAt),
    recipients: recipients.waiting + recipients.sent + recipients.failed,
    failedRecipients: recipients.failed,
  };
}
