import type { z } from "zod";
import {
  heardTypes,
  type SubscriptionRefusal,
  type SubscriptionTransport,
  type TwitchApi,
  type TwitchSubscription,
} from "../../../modules/alerts/index.ts";
import { unavailable } from "../../oauth/outside.fetch.ts";
import { eachOf, listOf } from "./helix.pages.ts";
import type { HelixAnswer, HelixRequests } from "./helix.requests.ts";
import { conduitWire, shardsWire, subscriptionWire } from "./helix.wire.ts";

type EventSubApi = Pick<
  TwitchApi,
  "subscriptions" | "subscribe" | "unsubscribe" | "conduits" | "createConduit" | "setShard"
>;

const SUBSCRIPTIONS = "/eventsub/subscriptions";
const CONDUITS = "/eventsub/conduits";
/** 10,000 is the most that Twitch lets an application have by webhook; a list that does not end is a mistake. */
const MOST_PAGES = 1000;

/** EventSub subscriptions and conduits of the application. */
export function createHelixEventSub(request: HelixRequests): EventSubApi {
  return {
    async subscriptions() {
      const found: TwitchSubscription[] = [];
      let after: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await request({ path: SUBSCRIPTIONS, query: after === undefined ? [] : [["after", after]] });
        found.push(...eachOf(subscriptionWire, answer).map(subscriptionOf));
        after = listOf(answer).cursor;
        if (after === undefined || after === "") return found;
      }
      throw unavailable("Twitch", new Error("the list of subscriptions does not end"));
    },

    async subscribe(type, twitchId, transport) {
      const body = {
        type,
        version: heardTypes[type],
        condition: { broadcaster_user_id: twitchId },
        transport: transportWire(transport),
      };
      const answer = await request({ method: "POST", path: SUBSCRIPTIONS, body });
      if (answer.status === 409) return { kind: "exists" };
      if (answer.status >= 400) return { kind: "refused", reason: refusalOf(answer) };
      const [made] = eachOf(subscriptionWire, answer);
      if (made === undefined) throw unavailable("Twitch", new Error("no subscription in the answer"));
      return { kind: "made", subscription: subscriptionOf(made) };
    },

    async unsubscribe(subscriptionId) {
      const answer = await request({ method: "DELETE", path: SUBSCRIPTIONS, query: [["id", subscriptionId]] });
      if (answer.status >= 400 && answer.status !== 404) throw refusedBy(answer);
    },

    async conduits() {
      return eachOf(conduitWire, await request({ path: CONDUITS })).map(({ id }) => id);
    },

    async createConduit() {
      const answer = await request({ method: "POST", path: CONDUITS, body: { shard_count: 1 } });
      if (answer.status === 400 || answer.status === 429) return undefined;
      return eachOf(conduitWire, answer)[0]?.id;
    },

    async setShard(conduitId, sessionId) {
      const shard = { id: "0", transport: { method: "websocket", session_id: sessionId } };
      const body = { conduit_id: conduitId, shards: [shard] };
      const answer = await request({
        method: "PATCH",
        path: `${CONDUITS}/shards`,
        body,
        urgent: true,
        deadlineMs: 8000,
      });
      if (answer.status >= 400) return false;
      const { errors } = shardsWire.parse(answer.body);
      return (errors ?? []).length === 0;
    },
  };
}

function transportWire(transport: SubscriptionTransport): Record<string, string> {
  if (transport.kind === "conduit") return { method: "conduit", conduit_id: transport.conduitId };
  return { method: "webhook", callback: transport.callback, secret: transport.secret };
}

function subscriptionOf(wire: z.infer<typeof subscriptionWire>): TwitchSubscription {
  const { method, callback, conduit_id: conduitId } = wire.transport;
  return {
    subscriptionId: wire.id,
    type: wire.type,
    version: wire.version,
    status: wire.status,
    twitchId: wire.condition.broadcaster_user_id ?? "",
    transport: method,
    target: callback ?? conduitId ?? "",
    createdAt: wire.created_at,
  };
}

const refusals: Record<number, SubscriptionRefusal> = {
  400: "callback",
  401: "unauthorized",
  403: "unauthorized",
  429: "limit",
};

const refusalOf = ({ status }: HelixAnswer): SubscriptionRefusal => refusals[status] ?? "unknown";

const refusedBy = ({ status }: HelixAnswer) => unavailable("Twitch", new Error(`status ${status}`));
