import type { Logger } from "pino";
import type { Ids } from "../../platform/clock/clock.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import type { SecurityMonitor } from "../../platform/security/security.monitor.ts";
import { type AddressResolver, isLoopback } from "./pipeline/client.address.ts";
import type { HttpMetrics } from "./pipeline/http.metrics.ts";
import type { OriginPolicy } from "./pipeline/origin.policy.ts";
import { problemResponse, toProblem } from "./pipeline/problem.ts";
import type { RequestLimits } from "./pipeline/request.limits.ts";

/** The socket at the other end: who is really connected. */
export interface Peer {
  address: string;
}

/** What is known of one request from the moment it comes in; the routes add to it. */
export interface GatePassage {
  requestId: string;
  /** The client's address, behind trusted proxies. */
  address: string;
  /** True when the socket itself is from this machine and no proxy says that it forwards. */
  isLocal: boolean;
  /** Template of the route, for logs and metrics: never the address itself, which may hold secrets. */
  route: string;
  /** The account that is calling, once that is known: for the log. */
  accountId: string | undefined;
  cookies: string[];
  headers: Record<string, string>;
}

/** The bindings of the hono app. */
export interface Bindings {
  Bindings: { passage: GatePassage };
}

export interface GateDeps {
  origins: OriginPolicy;
  clientAddress: AddressResolver;
  log: Logger;
  ids: Ids;
  limits: RequestLimits;
  security: SecurityMonitor;
  stopping: () => boolean;
  securityHeaders: () => Record<string, string>;
  metrics: HttpMetrics;
}

export type Gate = (
  request: Request,
  peer: Peer | undefined,
  next: (passage: GatePassage) => Promise<Response>,
) => Promise<Response>;

/** Stands for a peer that is not known: never an address of this machine. */
const NOBODY = "0.0.0.0";
/** Where programs and outside services knock. Files and health are answered whatever happens. */
const LIMITED = ["/api/", "/auth/", "/webhooks/", "/mcp"];
const FORWARDING = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/** What every request passes, whatever it asks for: id, headers, errors, cross-origin rules, log line, metrics. */
export function createGate(deps: GateDeps): Gate {
  const { origins, log, metrics } = deps;

  async function admit(request: Request, passage: GatePassage): Promise<void> {
    const path = new URL(request.url).pathname;
    if (!LIMITED.some((prefix) => path.startsWith(prefix)) || path === "/api/health") return;
    if (deps.stopping()) throw new AppError("server.stopping", "The server is stopping.", { retryAfter: 2 });
    const route = passage.route;
    passage.route = "refused";
    await deps.limits.everybody();
    passage.route = route;
  }

  function preflight(request: Request): Response | undefined {
    if (request.method !== "OPTIONS" || !request.headers.has("access-control-request-method")) return undefined;
    if (!origins.allows(request.headers.get("origin"))) {
      throw new AppError("request.foreign_origin", "Pages of this origin may not use this server.");
    }
    return new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": "600",
      },
    });
  }

  function failed(error: unknown, passage: GatePassage): Response {
    const problem = toProblem(error);
    if (!(error instanceof AppError)) {
      log.error({ err: error, requestId: passage.requestId, route: passage.route }, "A request failed by a defect");
    }
    noteRefusal(deps.security, error, passage);
    // The rest of a body that is too large is not worth waiting for.
    if (problem.code === "request.too_large") passage.headers["connection"] = "close";
    return problemResponse(problem);
  }

  return async (request, peer, next) => {
    const end = metrics.start(request.method);
    const peerAddress = peer?.address ?? NOBODY;
    const passage: GatePassage = {
      requestId: deps.ids.uuid(),
      address: deps.clientAddress(peerAddress, request.headers.get("x-forwarded-for")),
      isLocal: isLoopback(peerAddress) && !FORWARDING.some((name) => request.headers.has(name)),
      route: "unknown",
      accountId: undefined,
      cookies: [],
      headers: {},
    };
    let response: Response;
    try {
      await admit(request, passage);
      response = preflight(request) ?? (await next(passage));
    } catch (error) {
      response = failed(error, passage);
    }
    const headers = { ...deps.securityHeaders(), ...corsHeaders(origins, request), ...passage.headers };
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    response.headers.append("vary", "Origin");
    response.headers.set("x-request-id", passage.requestId);
    for (const value of lastOfEach(passage.cookies)) response.headers.append("set-cookie", value);
    end(passage.route, response.status);
    log.debug(
      { requestId: passage.requestId, method: request.method, route: passage.route, status: response.status },
      "Request",
    );
    return response;
  };
}

/** Of several values for one cookie the last: a session that is given after another was taken away. */
function lastOfEach(cookies: readonly string[]): Iterable<string> {
  return new Map(cookies.map((value) => [value.slice(0, value.indexOf("=")), value])).values();
}

/** Tells the monitor of an error that is answered, where it means something for security. */
export function noteRefusal(
  security: SecurityMonitor,
  error: unknown,
  { accountId, route, requestId }: Pick<GatePassage, "accountId" | "route" | "requestId">,
): void {
  if (error instanceof AppError) security.refused(error.code, { accountId, route, requestId });
}

function corsHeaders(origins: OriginPolicy, request: Request): Record<string, string> {
  const origin = request.headers.get("origin");
  if (!origins.allows(origin)) return {};
  return {
    "access-control-allow-origin": origin ?? "",
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "retry-after, x-request-id",
  };
}
