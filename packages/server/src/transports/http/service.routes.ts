import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import type { Registry } from "prom-client";
import { AppError } from "../../platform/errors/app.error.ts";
import type { HttpConfig } from "./http.config.ts";
import type { Bindings } from "./http.gate.ts";
import { readBearer } from "./pipeline/session.cookie.ts";

/** `failing`: the server runs, but cannot do its work (the database does not answer). */
export interface Health {
  status: "ok" | "stopping" | "failing";
  backend: string;
}

export interface ServiceDeps {
  config: HttpConfig;
  metrics: Registry;
  version: string;
  health: () => Health | Promise<Health>;
  stopping?: (() => boolean) | undefined;
}

/** Mounts `/health`, `/api/health` and `/metrics`: for those who run the server. */
export function mountService(app: Hono<Bindings>, deps: ServiceDeps): void {
  const health = async (c: Context<Bindings>) => {
    c.env.passage.route = "/api/health";
    const state = await deps.health();
    const status = deps.stopping?.() ? "stopping" : state.status;
    return new Response(JSON.stringify({ status, version: deps.version, backend: state.backend }), {
      status: status === "ok" ? 200 : 503,
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        ...(status === "ok" ? {} : { "retry-after": "2" }),
      },
    });
  };
  app.get("/health", health);
  app.get("/api/health", health);
  app.get("/metrics", async (c) => {
    c.env.passage.route = "/metrics";
    if (!c.env.passage.isLocal && !hasToken(c.req.header("authorization"), deps.config.metricsToken)) {
      throw new AppError("auth.forbidden", "Metrics are for this machine, or for whoever has METRICS_TOKEN.");
    }
    return new Response(await deps.metrics.metrics(), {
      headers: { "content-type": deps.metrics.contentType, "cache-control": "no-store" },
    });
  });
}

function hasToken(header: string | undefined, token: string | undefined): boolean {
  const given = readBearer(header);
  if (given === undefined || token === undefined) return false;
  // Digests have one length whatever was given, which the comparison needs.
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
