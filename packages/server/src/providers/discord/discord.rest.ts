import { AsyncLocalStorage } from "node:async_hooks";
import { REST, type RESTOptions, type RequestMethod, type ResponseLike } from "@discordjs/rest";
import { RESTJSONErrorCodes } from "discord-api-types/v10";
import type { Counter, Histogram } from "prom-client";
import { z } from "zod";
import { type DiscordLane, DiscordTooManyEdits, DiscordUnauthorized } from "../../modules/alerts/index.ts";
import { createBoundedFetch } from "../oauth/outside.fetch.ts";
import type { DiscordAddresses } from "./discord.addresses.ts";
import type { DiscordBudget } from "./discord.budget.ts";
import { discordFailure } from "./discord.failures.ts";
import type { DiscordGuard } from "./discord.guard.ts";

/** One request of the bot. `route` is the path behind the version. */
export interface DiscordRequest {
  lane: DiscordLane;
  method: `${RequestMethod}`;
  route: `/${string}`;
  query?: Record<string, string> | undefined;
  body?: unknown;
  /** Shown in the guild's own audit log. */
  reason?: string | undefined;
}

/** Sends one request, and gives the answer's JSON; undefined where it has none. Throws errors of discord.errors.ts. */
export type DiscordCall = (request: DiscordRequest) => Promise<unknown>;

export interface DiscordRestDeps {
  token: string;
  addresses: DiscordAddresses;
  budget: DiscordBudget;
  guard: DiscordGuard;
  requests: Counter<"status">;
  waits: Histogram<"lane">;
  /** Monotonic milliseconds. */
  now: () => number;
}

/** From asking to the answer. Deliveries are promised to take 15 s at most; people wait less. */
const deadlines: Record<DiscordLane, number> = { alert: 14_000, page: 8_000, upkeep: 14_000 };
const FETCH_MS = 8_000;
/** So long one waits for a bucket of one route; longer waits are for whoever keeps the work. */
const PATIENCE_MS = 4_000;
/** After a 401 nothing is asked for so long: it would be refused, too, and be counted. */
const REFUSED_MS = 30_000;

const tooManyEdits = z.looseObject({
  code: z.literal(RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached),
});

interface Underway {
  lane: DiscordLane;
  /** Discord itself answered 429: no second try within this call. */
  limited: boolean;
}

/**
 * The bot's requests over @discordjs/rest, which keeps the buckets of the routes. What it would do by itself and must
 * not is switched off: it tries POSTs again without a pause, waits as long as it takes, asks again after each 429, and
 * forgets its token after a 401. The global budget is Foyer's, because all nodes share it.
 */
export function createDiscordRest(deps: DiscordRestDeps): DiscordCall {
  const { token, addresses, budget, guard, now } = deps;
  const bounded = createBoundedFetch(FETCH_MS);
  const underway = new AsyncLocalStorage<Underway>();
  let refusedUntil = 0;

  const send: RESTOptions["makeRequest"] = async (url, init) => {
    const call = underway.getStore() ?? { lane: "upkeep", limited: false };
    const signal = init.signal ?? AbortSignal.timeout(FETCH_MS);
    const asked = now();
    await budget.take(call.lane, signal);
    deps.waits.observe({ lane: call.lane }, (now() - asked) / 1000);
    // While it waited for its turn, others may have learnt that nothing is to be asked.
    guard.check();
    const request = {
      method: init.method ?? "GET",
      headers: init.headers as Record<string, string>,
      // JSON or nothing: no request of ours has a file.
      body: typeof init.body === "string" ? init.body : null,
      signal,
    };
    const response = await bounded(url, request).catch((error: unknown) => {
      deps.requests.inc({ status: "none" });
      throw error;
    });
    deps.requests.inc({ status: String(response.status) });
    if (response.status === 401) refusedUntil = now() + REFUSED_MS;
    await guard.note(response);
    if (response.status === 429) await limited(call, response);
    // The same thing: two packages of types see the stream in it differently, and nobody reads that.
    return response as unknown as ResponseLike;
  };

  /** What a 429 means beyond what the library makes of it. */
  async function limited(call: Underway, response: Response): Promise<void> {
    call.limited = true;
    const seconds = Number(response.headers.get("retry-after") ?? 1);
    if (response.headers.has("x-ratelimit-global")) budget.pause(seconds * 1000);
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    // This is how Discord says it, though waiting helps nobody who has something to say now.
    if (tooManyEdits.safeParse(body).success) throw new DiscordTooManyEdits(429);
  }

  const rest = new REST({
    api: addresses.api,
    version: addresses.version,
    retries: 0,
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    // Waiting for a turn is part of it: each call has its own deadline.
    timeout: 60_000,
    rejectOnRateLimit: ({ timeToReset }) => underway.getStore()?.limited === true || timeToReset > PATIENCE_MS,
    makeRequest: send,
  });

  async function ask({ method, route, query, body, reason }: DiscordRequest, signal: AbortSignal): Promise<unknown> {
    const answer = await rest.setToken(token).request({
      method: method as RequestMethod,
      fullRoute: route,
      ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
      body,
      ...(reason === undefined ? {} : { reason }),
      signal,
    });
    return answer instanceof ArrayBuffer ? undefined : answer;
  }

  return async (request) => {
    const { lane } = request;
    guard.check();
    if (refusedUntil > now()) throw new DiscordUnauthorized();
    const signal = AbortSignal.timeout(deadlines[lane]);
    try {
      const answer = underway.run({ lane, limited: false }, () => ask(request, signal));
      return await Promise.race([answer, ended(signal)]);
    } catch (error) {
      throw discordFailure(error);
    }
  };
}

/** The library sleeps through the end of a signal: nobody has to sleep with it, and nothing is sent afterwards. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
