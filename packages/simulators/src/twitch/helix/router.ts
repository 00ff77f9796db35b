import type { Context, Hono } from "hono";
import type { Calls } from "../../harness/calls.ts";
import type { Fault, Faults } from "../../harness/faults.ts";
import type { AppTokens } from "../app.tokens.ts";
import type { TwitchGrants, TwitchUser } from "../twitch.grants.ts";
import { HelixError } from "./errors.ts";
import type { Points } from "./points.ts";

/** Who asks: an application for itself, or for a person who allowed it. */
export type HelixCaller =
  | { kind: "app"; clientId: string }
  | { kind: "user"; clientId: string; user: TwitchUser; scopes: readonly string[] };

/** One request, as a route sees it. */
export interface HelixRequest {
  caller: HelixCaller;
  query: URLSearchParams;
  /** The body as JSON. Throws 400 for anything else. */
  body(): Promise<unknown>;
  /** A fault of the route's own, for it to answer with. */
  fault: Fault | undefined;
}

/** A route of Helix, under `/helix`. */
export interface HelixRoute {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  /** What its calls are counted and its faults are switched under. */
  operation: string;
  /** Fault kinds that the route answers itself. */
  faults?: readonly string[];
  /** Only with an app access token, or only with a person's. */
  who?: "app" | "user";
  answer(request: HelixRequest): Promise<Response> | Response;
}

export interface HelixRouterDeps {
  grants: TwitchGrants;
  appTokens: AppTokens;
  faults: Faults;
  calls: Calls;
  points: Points;
}

/**
 * Mounts routes with what Helix does around each: tokens, the client id, points and their headers, errors as JSON.
 * Fault kinds of each operation, before it is carried out or after: `error` (500, or `status`), `revoked` (401),
 * `limited` (429), `empty` (nothing found), and those of every simulator.
 */
export function createHelixRouter(app: Hono, deps: HelixRouterDeps): (route: HelixRoute) => void {
  const { grants, appTokens, faults, calls, points } = deps;

  /** Throws 401. */
  function callerOf(context: Context): HelixCaller {
    const token = /^Bearer (\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    if (token === undefined) throw new HelixError(401, "OAuth token is missing");
    const clientId = context.req.header("client-id");
    if (clientId === undefined) throw new HelixError(401, "Client ID is missing");
    const grant = grants.validate(token)?.grant;
    const owner = grant?.clientId ?? appTokens.validate(token)?.clientId;
    if (owner === undefined) throw new HelixError(401, "Invalid OAuth token");
    if (owner !== clientId) throw new HelixError(401, "Client ID and OAuth token do not match");
    return grant === undefined
      ? { kind: "app", clientId }
      : { kind: "user", clientId, user: grant.user, scopes: grant.scopes };
  }

  async function carryOut(route: HelixRoute, context: Context): Promise<Response> {
    const before = await faults.take(route.operation, "before");
    const isOwn = before !== undefined && (route.faults ?? []).includes(before.kind);
    if (before !== undefined && !isOwn) return faultAnswer(before);
    const caller = callerOf(context);
    const left = points.take(caller.kind === "app" ? caller.clientId : `${caller.clientId} ${caller.user.id}`);
    const answer = left.granted
      ? await answered(route, context, caller, before)
      : new HelixError(429, "Too Many Requests").answer();
    for (const [name, value] of Object.entries(left.headers)) answer.headers.set(name, value);
    const after = await faults.take(route.operation, "after");
    return after === undefined ? answer : faultAnswer(after);
  }

  async function answered(route: HelixRoute, context: Context, caller: HelixCaller, fault: Fault | undefined) {
    if (route.who !== undefined && route.who !== caller.kind) {
      throw new HelixError(401, route.who === "app" ? "Must use an app access token" : "Must use a user access token");
    }
    const body = () =>
      context.req.json<unknown>().catch(() => {
        throw new HelixError(400, "Invalid JSON in the body");
      });
    return route.answer({ caller, query: new URL(context.req.url).searchParams, body, fault });
  }

  return (route) => {
    app.on(route.method, route.path, async (context) => {
      calls.count(route.operation);
      try {
        return await carryOut(route, context);
      } catch (error) {
        if (error instanceof HelixError) return error.answer();
        throw error;
      }
    });
  };
}

function faultAnswer({ kind, status = 500, ms = 1000 }: Fault): Response {
  if (kind === "revoked") return new HelixError(401, "Invalid OAuth token").answer();
  if (kind === "empty") return Response.json({ data: [], pagination: {} });
  if (kind !== "limited") return new HelixError(status, status === 500 ? "internal error" : "").answer();
  const answer = new HelixError(429, "Too Many Requests").answer();
  answer.headers.set("ratelimit-limit", "800");
  answer.headers.set("ratelimit-remaining", "0");
  answer.headers.set("ratelimit-reset", String(Math.ceil((Date.now() + ms) / 1000)));
  return answer;
}

/** One page of a list: `first` (20, at most 100) and the cursor that the page before gave. */
export function pageOf<T>(
  list: readonly T[],
  query: URLSearchParams,
  size = 20,
): { page: T[]; cursor: string | undefined } {
  const first = query.get("first") === null ? size : Number(query.get("first"));
  if (!Number.isInteger(first) || first < 1 || first > 100) {
    throw new HelixError(400, 'The parameter "first" was malformed: the value must be between 1 and 100');
  }
  const after = query.get("after");
  const begin = after === null || after === "" ? 0 : Number(Buffer.from(after, "base64url").toString());
  if (!Number.isInteger(begin) || begin < 0) throw new HelixError(400, "Invalid cursor");
  const end = begin + first;
  return {
    page: list.slice(begin, end),
    cursor: end < list.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}

/** The pagination of a page, as Helix writes it. */
export const pagination = (cursor: string | undefined): object => (cursor === undefined ? {} : { cursor });
