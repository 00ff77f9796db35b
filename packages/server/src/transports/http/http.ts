import { type EndpointName, endpoints } from "@foyer/protocol";
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Authenticate } from "../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../platform/clock/clock.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { SecurityMonitor } from "../../platform/security/security.monitor.ts";
import { docsPage } from "./docs/docs.page.ts";
import { openApiDocument } from "./docs/openapi.ts";
import type { HttpConfig } from "./http.config.ts";
import type { HttpFace, HttpHandler } from "./http.face.ts";
import { type Bindings, createGate, noteRefusal, type Peer } from "./http.gate.ts";
import { createAddressResolver } from "./pipeline/client.address.ts";
import { coarsePlace } from "./pipeline/coarse.place.ts";
import { runEndpoint, runHook, runPage } from "./pipeline/endpoint.pipeline.ts";
import { createHttpMetrics } from "./pipeline/http.metrics.ts";
import { createOriginPolicy, type OriginPolicy } from "./pipeline/origin.policy.ts";
import { createRequestLimits } from "./pipeline/request.limits.ts";
import { createSecurityHeaders } from "./pipeline/security.headers.ts";
import { createSessionCookie, type SessionCookie } from "./pipeline/session.cookie.ts";
import { type Health, mountService } from "./service.routes.ts";
import { createWebFiles } from "./static/web.files.ts";

export interface HttpDeps {
  config: HttpConfig;
  log: Logger;
  metrics: Registry;
  limiter: RateLimiter;
  security: SecurityMonitor;
  authenticate: Authenticate;
  /** Keyed hash of a network address. */
  hashAddress: (address: string) => string;
  clock: Clock;
  ids: Ids;
  version: string;
  /** Asked by `/health`: may look at the database. */
  health: () => Health | Promise<Health>;
  /** True while the server drains: everything but `/health` is answered by `server.stopping`. */
  stopping?: (() => boolean) | undefined;
  /** Folder of the web build; `packages/web/dist` of this repository when not given. */
  webRoot?: string | undefined;
  /** Folder of swagger-ui-dist; found among the installed packages when not given. */
  docsRoot?: string | undefined;
}

export interface Http {
  face: HttpFace;
  /** Answers one request. Never throws. Without `peer` it comes from nobody in particular. */
  fetch(request: Request, peer?: Peer): Promise<Response>;
  /** Which pages may act for a visitor; the socket transport asks it too. */
  origins: OriginPolicy;
  cookie: SessionCookie;
  /** The network address of a client. `forwarded` is the header `X-Forwarded-For`. */
  clientAddress: (peer: string, forwarded: string | null | undefined) => string;
  /** Operations of the endpoints table that nothing answers yet: for a check at the start. */
  unmounted(): EndpointName[];
}

/** HTTP over the endpoints table, static files, health, metrics and documentation. Throws on a wrong proxy network. */
export function createHttp(deps: HttpDeps): Http {
  const { config, log, ids } = deps;
  const origins = createOriginPolicy(config);
  const cookie = createSessionCookie(config.publicUrl, deps.clock);
  const clientAddress = createAddressResolver(config.trustedProxies);
  const limits = createRequestLimits(deps.limiter, config.limits);
  const pipeline = { limits, authenticate: deps.authenticate, origins, cookie };
  const mounted = new Map<EndpointName, { method: string; pattern: string }>();
  const app = new Hono<Bindings>();

  const passageOf = (c: Context<Bindings>) => ({
    request: c.req.raw,
    requestId: c.env.passage.requestId,
    addressHash: deps.hashAddress(c.env.passage.address),
    place: coarsePlace(c.env.passage.address),
    params: c.req.param(),
    setCookie: (value: string) => c.env.passage.cookies.push(value),
    identified: (accountId: string) => {
      c.env.passage.accountId = accountId;
    },
    refused: (error: unknown) => noteRefusal(deps.security, error, c.env.passage),
  });
  const face: HttpFace = {
    page(path, handler) {
      app.get(path, (c) => {
        c.env.passage.route = path;
        return runPage(pipeline, handler, passageOf(c));
      });
    },
    hook(path, { maxBytes }, handler) {
      app.post(path, (c) => {
        c.env.passage.route = path;
        return runHook(pipeline, maxBytes, handler, passageOf(c));
      });
    },
    mount<N extends EndpointName>(name: N, handler: HttpHandler<N>) {
      if (mounted.has(name)) throw new Error(`The operation ${name} is mounted twice.`);
      const { method, path } = endpoints[name];
      const pattern = path.replaceAll(/\{(\w+)\}/g, ":$1");
      mounted.set(name, { method, pattern });
      app.on(method, pattern, (c: Context<Bindings>) => {
        c.env.passage.route = path;
        return runEndpoint(pipeline, name, handler, passageOf(c));
      });
    },
  };

  mountService(app, deps);
  mounted.set("health", { method: "GET", pattern: endpoints.health.path });
  let document: string | undefined;
  app.get("/api/openapi.json", (c) => {
    c.env.passage.route = "/api/openapi.json";
    document ??= JSON.stringify(openApiDocument());
    return new Response(document, { headers: { "content-type": "application/json", "cache-control": "no-cache" } });
  });
  docsPage(app, deps.docsRoot);
  const files = createWebFiles(deps.webRoot);
  app.notFound(async (c) => {
    const path = new URL(c.req.url).pathname;
    const others = [...mounted.values()].filter(({ pattern }) => matches(pattern, path)).map(({ method }) => method);
    if (others.length > 0) throw methodNotAllowed(c, others);
    if (isApi(path)) throw new AppError("request.not_found", "There is nothing at this address.");
    if (c.req.method !== "GET" && c.req.method !== "HEAD") throw methodNotAllowed(c, ["GET"]);
    c.env.passage.route = "static";
    return files(c.req.raw);
  });
  // Rethrown, so that the gate is the one place where errors become answers.
  app.onError((error) => {
    throw error;
  });

  const gate = createGate({
    origins,
    clientAddress,
    log,
    ids,
    limits,
    security: deps.security,
    stopping: deps.stopping ?? (() => false),
    securityHeaders: createSecurityHeaders(config, origins),
    metrics: createHttpMetrics(deps.metrics),
  });
  return {
    face,
    origins,
    cookie,
    clientAddress,
    fetch: (request, peer) => gate(request, peer, async (passage) => app.fetch(request, { passage })),
    unmounted: () => (Object.keys(endpoints) as EndpointName[]).filter((name) => !mounted.has(name)),
  };
}

/** True for addresses that belong to programs, never to a page of the web app. */
function isApi(path: string): boolean {
  return (
    path === "/api" ||
    path.startsWith("/api/") ||
    path === "/ws" ||
    path === "/metrics" ||
    path === "/health" ||
    path.startsWith("/webhooks/")
  );
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith(":") || part === given[at]);
}

function methodNotAllowed(c: Context<Bindings>, methods: string[]): AppError {
  const allowed = new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])));
  c.env.passage.headers["allow"] = [...allowed].join(", ");
  return new AppError("request.method_not_allowed", `This address answers ${[...allowed].join(", ")}.`);
}
