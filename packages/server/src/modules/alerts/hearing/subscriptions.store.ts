import type { HeardType } from "./twitch.port.ts";

/** A broadcaster whom somebody announces. */
export interface Announced {
  broadcasterId: string;
  twitchId: string;
}

/**
 * How an EventSub subscription stands. `status`: Twitch's word, or one of ours: `limit`, `callback`, `unauthorized`,
 * `unknown` (refused), `conflict` (somebody else's is in the way), `revoked` (Twitch ended it). `transport`: the way
 * that it was made for, as `transportKey` names it. `subscriptionId` null: there is none.
 */
export interface SubscriptionState {
  broadcasterId: string;
  type: HeardType;
  subscriptionId: string | null;
  transport: string;
  status: string;
}

/** The EventSub subscriptions of this server, as far as it knows. Every operation is atomic. */
export interface SubscriptionsStore {
  /** Everybody whom a guild announces that is still there. */
  announced(): Promise<Announced[]>;
  all(): Promise<SubscriptionState[]>;
  put(state: SubscriptionState, now: number): Promise<void>;
  /** Forgets what is kept of a broadcaster and type, if it is still this EventSub subscription. */
  remove(state: Pick<SubscriptionState, "broadcasterId" | "type" | "subscriptionId">): Promise<void>;
  /** Twitch ended one. False: it is none of ours. */
  revoked(subscriptionId: string, now: number): Promise<boolean>;
  /**
   * Whether something is to be done that nobody has looked at yet: somebody is announced without all of `types` being
   * there for `transport`, or no longer announced, or Twitch ended something.
   */
  drifted(types: readonly HeardType[], transport: string): Promise<boolean>;
  countByStatus(): Promise<Map<string, number>>;
}
