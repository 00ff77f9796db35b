import type { Announced, SubscriptionState } from "./subscriptions.store.ts";
import { type HeardType, heardTypes, type SubscriptionTransport, type TwitchSubscription } from "./twitch.port.ts";

/** The way that events are to come, and the name under which it is remembered what was made for it. */
export interface Way {
  transport: SubscriptionTransport;
  key: string;
}

/** What is to be done about one type of one broadcaster. */
export interface Step {
  broadcaster: Announced;
  type: HeardType;
  /** The one that stays; undefined: one has to be made. */
  keep: TwitchSubscription | undefined;
  /** In the way of a new one: they go before it is made. */
  before: TwitchSubscription[];
  /** Go when the one that stays is there, so that there is no gap. */
  after: TwitchSubscription[];
}

/** What is to be done altogether. `surplus`: ours, and about nobody who is announced. */
export interface SubscriptionPlan {
  steps: Step[];
  surplus: TwitchSubscription[];
}

/** A challenge that was not answered after so long never will be. */
const PENDING_MS = 600_000;
const types = Object.keys(heardTypes) as HeardType[];

/**
 * Compares what is wanted with what Twitch has. An application may be used by several installations: only those are
 * touched that lead here, or that this server knows it has made.
 */
export function planSubscriptions(input: {
  wanted: readonly Announced[];
  known: readonly SubscriptionState[];
  actual: readonly TwitchSubscription[];
  way: Way;
  now: number;
}): SubscriptionPlan {
  const { wanted, known, way, now } = input;
  const knownById = new Map(known.map((state) => [state.subscriptionId, state]));
  const ours = input.actual.filter((each) => leadsHere(each, way.transport) || knownById.has(each.subscriptionId));
  const broadcasters = new Map(wanted.map((each) => [each.twitchId, each]));
  const byKey = Map.groupBy(ours, (each) => `${each.twitchId} ${each.type}`);

  const isGood = (each: TwitchSubscription): boolean => {
    if (!leadsHere(each, way.transport) || each.version !== heardTypes[each.type as HeardType]) return false;
    // Of a webhook that this server does not remember nobody knows by which secret it signs.
    const isSigned = way.transport.kind === "conduit" || knownById.get(each.subscriptionId)?.transport === way.key;
    const isPending = each.status === "webhook_callback_verification_pending" && now - each.createdAt < PENDING_MS;
    return isSigned && (each.status === "enabled" || isPending);
  };

  const steps = types.flatMap((type) =>
    wanted.map((broadcaster): Step => {
      const all = byKey.get(`${broadcaster.twitchId} ${type}`) ?? [];
      const good = all.filter(isGood).toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt);
      const keep = good[0];
      const rest = all.filter((each) => each !== keep);
      const isInTheWay = (each: TwitchSubscription) => keep === undefined && leadsHere(each, way.transport);
      return {
        broadcaster,
        type,
        keep,
        before: rest.filter(isInTheWay),
        after: rest.filter((each) => !isInTheWay(each)),
      };
    }),
  );
  const surplus = ours.filter((each) => !broadcasters.has(each.twitchId) || !types.includes(each.type as HeardType));
  return { steps, surplus };
}

const rank = ({ status }: TwitchSubscription) => (status === "enabled" ? 0 : 1);

function leadsHere({ transport, target }: TwitchSubscription, to: SubscriptionTransport): boolean {
  return transport === to.kind && target === (to.kind === "webhook" ? to.callback : to.conduitId);
}
