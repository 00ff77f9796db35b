import type { Context, Hono } from "hono";
import type { Calls } from "../../harness/calls.ts";
import type { Fault, Faults } from "../../harness/faults.ts";
import { DiscordError, refusal } from "./errors.ts";
import { blockedAnswer, type Limits, limitedAnswer, type RouteLimit } from "./limits.ts";

/** Who asks: the bot, or a person by what they allowed the application. */
export type RestCaller =
  | { kind: "bot"; userId: string }
  | { kind: "person"; userId: string; scopes: readonly string[] };

/** One request, as a route sees it. */
export interface RestRequest {
  caller: RestCaller;
  params: Record<string, string>;
  query: URLSearchParams;
  /** The body as JSON. Throws 50109 for anything else. */
  body(): Promise<unknown>;
}

/** A route of Discord's API. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With Hono's parameters: `/channels/:channel/messages`. */
  path: string;
  /** What its calls are counted and its faults are switched under. */
  operation: string;
  /** Who may ask; default: the bot. */
  who?: "bot" | "person" | "both";
  limit: RouteLimit;
  answer(request: RestRequest): Promise<Response> | Response;
}

export interface RouterDeps {
  prefixes: readonly string[];
  calls: Calls;
  faults: Faults;
  limits: Limits;
  /** Who an Authorization header stands for. Undefined: 401. */
  callerOf(authorization: string | undefined): RestCaller | undefined;
}

/**
 * Mounts routes with what Discord does around each: the block of an address, who asks, limits and their headers, errors
 * as JSON. Fault kinds of each operation, before it is carried out or after: `error` (with `status`), `unavailable`
 * (503), `bad_gateway` (502 as HTML), `limited`, `limited_shared`, `limited_global` (429 for `ms`), `revoked` (401),
 * `automod` (200000), and those of every simulator.
 */
export function createRouter(app: Hono, deps: RouterDeps): (route: Route) => void {
  const { calls, faults, limits, callerOf } = deps;

  async function carryOut(route: Route, context: Context): Promise<{ answer: Response; isCounted: boolean }> {
    const plain = (answer: Response) => ({ answer, isCounted: true });
    const blocked = limits.blockedForMs();
    if (blocked !== undefined) return { answer: blockedAnswer(blocked), isCounted: false };
    const before = await faults.take(route.operation, "before");
    if (before !== undefined) return faultAnswer(before);
    const caller = callerOf(context.req.header("authorization"));
    const who = route.who ?? "bot";
    if (caller === undefined || (who !== "both" && who !== caller.kind)) return plain(refusal.unauthorized().answer());
    const params = context.req.param() as Record<string, string>;
    const major = params["channel"] ?? params["guild"] ?? "";
    const verdict = limits.take(`${caller.kind} ${caller.userId}`, `${route.method} ${route.path}`, major, route.limit);
    if (verdict.kind === "limited") return plain(limitedAnswer(verdict.scope, verdict.retryAfterMs, verdict.headers));
    const answer = await answered(route, {
      caller,
      params,
      query: new URL(context.req.url).searchParams,
      body: () => readJson(context),
    });
    for (const [name, value] of Object.entries(verdict.headers)) answer.headers.set(name, value);
    const after = await faults.take(route.operation, "after");
    return after === undefined ? plain(answer) : faultAnswer(after);
  }

  return (route) => {
    const handler = async (context: Context) => {
      calls.count(route.operation);
      const { answer, isCounted } = await carryOut(route, context);
      if (isCounted && [401, 403, 429].includes(answer.status)) limits.invalid();
      return answer;
    };
    for (const prefix of deps.prefixes) app.on(route.method, `${prefix}${route.path}`, handler);
  };
}

async function answered(route: Route, request: RestRequest): Promise<Response> {
  try {
    return await route.answer(request);
  } catch (error) {
    if (error instanceof DiscordError) return error.answer();
    throw error;
  }
}

async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw refusal.badJson();
  }
}

const html = (status: number, title: string) =>
  new Response(`<html><head><title>${status} ${title}</title></head><body><h1>${status} ${title}</h1></body></html>`, {
    status,
    headers: { "content-type": "text/html; charset=UTF-8", server: "cloudflare" },
  });

function faultAnswer({ kind, status = 500, ms = 1500 }: Fault): { answer: Response; isCounted: boolean } {
  const isCounted = kind !== "limited_shared";
  switch (kind) {
    case "unavailable":
      return { answer: html(503, "Service Temporarily Unavailable"), isCounted };
    case "bad_gateway":
      return { answer: html(502, "Bad Gateway"), isCounted };
    case "limited":
      return { answer: limitedAnswer("user", ms), isCounted };
    case "limited_shared":
      return { answer: limitedAnswer("shared", ms), isCounted };
    case "limited_global":
      return { answer: limitedAnswer("global", ms), isCounted };
    case "revoked":
      return { answer: refusal.unauthorized().answer(), isCounted };
    case "automod":
      return { answer: refusal.automod().answer(), isCounted };
    default:
      return { answer: new DiscordError(status, 0, `${status}: Internal Server Error`).answer(), isCounted };
  }
}
