import type { Logger } from "pino";
import { Counter, type Registry } from "prom-client";
import type { Twitch } from "../../modules/alerts/index.ts";
import type { Clock, Ids } from "../../platform/clock/clock.ts";
import { createBoundedFetch } from "../oauth/outside.fetch.ts";
import { openEventSubSocket } from "./eventsub/eventsub.socket.ts";
import { createEventSubWebhooks } from "./eventsub/eventsub.webhooks.ts";
import { createAppToken } from "./helix/app.token.ts";
import { createHelixApi } from "./helix/helix.api.ts";
import { createHelixBudget } from "./helix/helix.budget.ts";
import { createHelixRequests } from "./helix/helix.requests.ts";
import { twitchApiUrl, twitchIdUrl } from "./twitch.addresses.ts";

export interface TwitchAlertsDeps {
  /** The operator's variables. */
  services: Readonly<Record<string, string>>;
  /** Signs webhooks, unless TWITCH_EVENTSUB_SECRET is set. */
  secret: string;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
}

/** What alerts need of Twitch; undefined where it is not configured. Nothing is called before it is used. */
export function createTwitch(deps: TwitchAlertsDeps): Twitch | undefined {
  const { services, clock, ids, log } = deps;
  const { TWITCH_CLIENT_ID: clientId, TWITCH_CLIENT_SECRET: clientSecret } = services;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const fetch = createBoundedFetch();
  const idUrl = twitchIdUrl(services["TWITCH_ID_URL"]);
  const requests = new Counter({
    name: "foyer_helix_requests_total",
    help: "Requests to Twitch's API by status; `none`: no answer came.",
    labelNames: ["status"],
    registers: [deps.metrics],
  });
  const request = createHelixRequests({
    apiUrl: twitchApiUrl(services["TWITCH_API_URL"]),
    clientId,
    token: createAppToken({ idUrl, clientId, clientSecret, fetch }),
    budget: createHelixBudget(clock),
    fetch,
    ids,
    requests,
  });
  const socket = { url: services["TWITCH_EVENTSUB_WS_URL"], ids, log: log.child({ component: "eventsub" }) };
  return {
    api: createHelixApi(request),
    webhooks: createEventSubWebhooks({ secret: services["TWITCH_EVENTSUB_SECRET"] ?? deps.secret, clock }),
    openSocket: (listener) => openEventSubSocket(socket, listener),
  };
}
