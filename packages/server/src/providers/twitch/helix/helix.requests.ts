import { setTimeout as pause } from "node:timers/promises";
import type { Counter } from "prom-client";
import type { Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { pauseOf } from "../../../platform/outbox/backoff.ts";
import { type OutsideFetch, unavailable } from "../../oauth/outside.fetch.ts";
import type { AppToken } from "./app.token.ts";
import type { HelixBudget } from "./helix.budget.ts";

/** One request. `urgent`: goes before what can wait. */
export interface HelixRequest {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Behind the API's address: `/streams`. */
  path: string;
  query?: readonly (readonly [string, string])[];
  body?: unknown;
  urgent?: boolean;
  /** Milliseconds for everything together, tries and pauses included. */
  deadlineMs?: number;
}

/** An answer that trying again would not change. `body` is undefined where there is no JSON. */
export interface HelixAnswer {
  status: number;
  body: unknown;
}

/** Sends requests. Throws `provider.unavailable` when the tries or the time are used up. */
export type HelixRequests = (request: HelixRequest) => Promise<HelixAnswer>;

export interface HelixRequestsDeps {
  apiUrl: string;
  clientId: string;
  token: AppToken;
  budget: HelixBudget;
  fetch: OutsideFetch;
  ids: Pick<Ids, "fraction">;
  requests: Counter<"status">;
}

const TRIES = 4;
const DEADLINE_MS = 90_000;
const pace = { firstMs: 250, longestMs: 4000 };

/** Requests to Helix with the application's token, below its limits, tried again where that can help. */
export function createHelixRequests(deps: HelixRequestsDeps): HelixRequests {
  const { token, budget, ids } = deps;

  async function send(request: HelixRequest, bearer: string, signal: AbortSignal): Promise<Response> {
    const url = new URL(`${deps.apiUrl}${request.path}`);
    for (const [name, value] of request.query ?? []) url.searchParams.append(name, value);
    const headers: Record<string, string> = { authorization: `Bearer ${bearer}`, "client-id": deps.clientId };
    if (request.body !== undefined) headers["content-type"] = "application/json";
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    return deps.fetch(url, { method: request.method ?? "GET", headers, body, signal });
  }

  /** Undefined: the same once more can have another end. */
  async function attempt(request: HelixRequest, signal: AbortSignal): Promise<Response | undefined> {
    const bearer = await token.get(signal);
    const wait = budget.take(request.urgent === true);
    if (wait > 0) await pause(wait, undefined, { signal });
    const response = await send(request, bearer, signal);
    const { status, headers } = response;
    deps.requests.inc({ status: String(status) });
    // Too many EventSub subscriptions are a 429, too, while the bucket is not empty.
    const isLimited = status === 429 && !(Number(headers.get("ratelimit-remaining")) > 0);
    budget.note(headers, isLimited);
    if (status === 401) token.refused(bearer);
    return status === 401 || isLimited || status >= 500 ? undefined : response;
  }

  return async (request) => {
    const signal = AbortSignal.timeout(request.deadlineMs ?? DEADLINE_MS);
    let cause: unknown = new Error("Twitch refused again and again");
    for (let tries = 1; tries <= TRIES && !signal.aborted; tries += 1) {
      try {
        if (tries > 1) await pause(pauseOf(pace, { tries, fraction: ids.fraction() }), undefined, { signal });
        const response = await attempt(request, signal);
        if (response !== undefined) return await answerOf(response);
      } catch (error) {
        if (error instanceof AppError) throw error;
        cause = error;
        deps.requests.inc({ status: "none" });
      }
    }
    throw unavailable("Twitch", cause);
  };
}

async function answerOf(response: Response): Promise<HelixAnswer> {
  const text = await response.text();
  try {
    return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    return { status: response.status, body: undefined };
  }
}
