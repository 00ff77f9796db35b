import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { LiveRooms } from "../streams/live.rooms.ts";
import type { DeliveryAnalytics } from "./analytics.ts";
import type { History } from "./history.ts";

/** Mounts what was delivered, how well, and who is live. */
export function mountDeliveries(
  http: HttpFace,
  { history, analytics, live }: { history: History; analytics: DeliveryAnalytics; live: LiveRooms },
): void {
  http.mount("listDeliveries", ({ caller, params, query }) => history.list(caller, params.guildId, query));
  http.mount("getDelivery", ({ caller, params }) => history.get(caller, params.guildId, params.deliveryId));
  http.mount("retryDelivery", ({ caller, params }) => history.retry(caller, params.guildId, params.deliveryId));
  http.mount("getAnalytics", ({ caller, params, query }) => analytics.of(caller, params.guildId, query.days));
  http.mount("listLive", async ({ caller }) => ({ items: await live.of(caller) }));
}
