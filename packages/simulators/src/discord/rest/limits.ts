import { createHash } from "node:crypto";

/** How often a route may be asked: `most` requests in `windowMs`, for each channel or guild that its path names. */
export interface RouteLimit {
  most: number;
  windowMs: number;
}

/** How the limits of the whole API are set. */
export interface LimitRules {
  /** Requests of one bot or person in a second, whatever they ask. Discord: 50. */
  globalPerSecond: number;
  /** Answers of 401, 403 or 429 in ten minutes after which an address is blocked. Discord: 10,000. */
  invalidPerTenMinutes: number;
  /** False: only the global limit holds. */
  routes: boolean;
}

/** What becomes of a request. */
export type Verdict =
  | { kind: "go"; headers: Record<string, string> }
  | { kind: "limited"; scope: "user" | "global"; retryAfterMs: number; headers: Record<string, string> };

/** The limits and what is left of them. */
export interface Limits {
  rules: LimitRules;
  /** Asks for one request. `route` is the path without ids, `major` the id of the channel or guild in it. */
  take(caller: string, route: string, major: string, limit: RouteLimit): Verdict;
  /** Notes an answer of 401, 403 or 429 that counts towards the block. */
  invalid(): void;
  /** Such answers in the ten minutes that run. */
  invalidCount(): number;
  /** Milliseconds until the block of this address ends; undefined: it is not blocked. */
  blockedForMs(): number | undefined;
  /** Blocks the address as if it had been too much. */
  block(ms: number): void;
  /** The most requests that one caller was let through within any one second. */
  busiestSecond(): number;
  /** Requests that were answered with 429 by these limits. */
  refused(): { user: number; global: number };
  reset(): void;
}

interface Window {
  used: number;
  endsAt: number;
}

const TEN_MINUTES = 600_000;

/** Limits of which nothing is used. `now` in milliseconds. */
export function createLimits(rules: Partial<LimitRules>, now: () => number): Limits {
  const all: LimitRules = { globalPerSecond: 50, invalidPerTenMinutes: 10_000, routes: true, ...rules };
  const windows = new Map<string, Window>();
  const recent = new Map<string, number[]>();
  const hashes = new Map<string, string>();
  const refused = { user: 0, global: 0 };
  let busiest = 0;
  let invalid: Window = { used: 0, endsAt: 0 };
  let blockedUntil = 0;

  /** Fixed windows that begin with the first request in them, as Discord's do. */
  function use(key: string, most: number, windowMs: number): { left: number; endsAt: number } {
    const at = now();
    const held = windows.get(key);
    const window = held === undefined || held.endsAt <= at ? { used: 0, endsAt: at + windowMs } : held;
    windows.set(key, window);
    window.used += 1;
    return { left: most - window.used, endsAt: window.endsAt };
  }

  function note(caller: string): void {
    const at = now();
    const times = recent.get(caller) ?? [];
    times.push(at);
    while ((times[0] ?? at) <= at - 1000) times.shift();
    recent.set(caller, times);
    busiest = Math.max(busiest, times.length);
  }

  function bucketOf(route: string): string {
    const hash = hashes.get(route) ?? createHash("sha256").update(route).digest("hex").slice(0, 32);
    hashes.set(route, hash);
    return hash;
  }

  return {
    rules: all,
    take(caller, route, major, { most, windowMs }): Verdict {
      const global = use(`global ${caller}`, all.globalPerSecond, 1000);
      if (global.left < 0) {
        refused.global += 1;
        return {
          kind: "limited",
          scope: "global",
          retryAfterMs: global.endsAt - now(),
          headers: { "x-ratelimit-global": "true", "x-ratelimit-scope": "global" },
        };
      }
      if (!all.routes) {
        note(caller);
        return { kind: "go", headers: {} };
      }
      const bucket = bucketOf(route);
      const { left, endsAt } = use(`${bucket} ${major} ${caller}`, most, windowMs);
      const headers = {
        "x-ratelimit-bucket": bucket,
        "x-ratelimit-limit": String(most),
        "x-ratelimit-remaining": String(Math.max(0, left)),
        "x-ratelimit-reset": (endsAt / 1000).toFixed(3),
        "x-ratelimit-reset-after": ((endsAt - now()) / 1000).toFixed(3),
      };
      if (left < 0) {
        refused.user += 1;
        const limited = { ...headers, "x-ratelimit-scope": "user" };
        return { kind: "limited", scope: "user", retryAfterMs: endsAt - now(), headers: limited };
      }
      note(caller);
      return { kind: "go", headers };
    },
    invalid() {
      if (invalid.endsAt <= now()) invalid = { used: 0, endsAt: now() + TEN_MINUTES };
      invalid.used += 1;
      if (invalid.used >= all.invalidPerTenMinutes) blockedUntil = Math.max(blockedUntil, invalid.endsAt);
    },
    invalidCount: () => (invalid.endsAt <= now() ? 0 : invalid.used),
    blockedForMs: () => (blockedUntil > now() ? blockedUntil - now() : undefined),
    block(ms) {
      blockedUntil = now() + ms;
    },
    busiestSecond: () => busiest,
    refused: () => ({ ...refused }),
    reset() {
      windows.clear();
      recent.clear();
      invalid = { used: 0, endsAt: 0 };
      blockedUntil = 0;
      busiest = 0;
      refused.user = 0;
      refused.global = 0;
    },
  };
}

/** The answer of 429, with its times in seconds. `scope` shared: another's requests used it up, which is not counted. */
export function limitedAnswer(
  scope: "user" | "global" | "shared",
  retryAfterMs: number,
  headers: Record<string, string> = {},
): Response {
  const seconds = Math.max(0.001, Math.round(retryAfterMs) / 1000);
  const message = scope === "shared" ? "The resource is being rate limited." : "You are being rate limited.";
  return Response.json(
    { message, retry_after: seconds, global: scope === "global" },
    {
      status: 429,
      headers: {
        "retry-after": String(Math.ceil(seconds)),
        "x-ratelimit-scope": scope,
        ...(scope === "global" ? { "x-ratelimit-global": "true" } : {}),
        via: "1.1 google",
        ...headers,
      },
    },
  );
}

/** What Cloudflare says to an address that it has blocked: no headers of Discord's, and no JSON. */
export function blockedAnswer(ms: number): Response {
  return new Response("error code: 1015", {
    status: 429,
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "retry-after": String(Math.ceil(ms / 1000)),
      server: "cloudflare",
    },
  });
}
