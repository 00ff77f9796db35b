import { type Endpoint, type EndpointName, endpoints, hasRole, holdsScope, neededScope } from "@foyer/protocol";
import type { AccountCaller, Authenticate, Caller } from "../../../platform/caller/caller.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { FileAnswer, HookContext, HttpContext, HttpHandler, PageHandler } from "../http.face.ts";
import { checkDeclaredLength, readBounded, readJson } from "./body.reader.ts";
import { fileResponse } from "./file.answer.ts";
import type { OriginPolicy } from "./origin.policy.ts";
import { invalidInput } from "./problem.ts";
import type { RequestLimits } from "./request.limits.ts";
import { readBearer, type SessionCookie } from "./session.cookie.ts";

export interface PipelineDeps {
  limits: RequestLimits;
  authenticate: Authenticate;
  origins: OriginPolicy;
  cookie: SessionCookie;
}

/** One request on its way through the pipeline. `setCookie` gathers what the answer, good or bad, must carry. */
export interface Passage {
  request: Request;
  requestId: string;
  addressHash: string;
  /** The caller's network, made coarse. */
  place: string | undefined;
  params: Record<string, string>;
  setCookie: (value: string) => void;
  /** Hears who is calling, as soon as that is known. */
  identified: (accountId: string) => void;
  /** Hears of an error that the answer does not show to the gate: that of a page. */
  refused: (error: unknown) => void;
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
/** Operations by which somebody with a cookie that is over gets a new one: they must work with the old one still there. */
const FORGIVING_TAGS = new Set(["auth", "server"]);

/** Answers one operation: origin, caller, rate, role, input, handler, output, in this order. Throws what went wrong. */
export async function runEndpoint<N extends EndpointName>(
  deps: PipelineDeps,
  name: N,
  handler: HttpHandler<N>,
  passage: Passage,
): Promise<Response> {
  const endpoint: Endpoint = endpoints[name];
  const { request } = passage;
  checkDeclaredLength(request);
  checkOrigin(deps, request);
  const caller = await identify(deps, endpoint, passage);
  // Before the role is looked at: who is refused again and again is slowed down, too.
  await checkRate(deps, caller, endpoint.limit);
  checkScope(name, endpoint, caller);
  checkRole(endpoint, caller);

  const context = {
    caller,
    account: () => accountOf(caller),
    params: parse(endpoint.params, passage.params, "params"),
    query: parse(endpoint.query, Object.fromEntries(new URL(request.url).searchParams), "query"),
    body: endpoint.body === undefined ? undefined : parse(endpoint.body, await readJson(request), "body"),
    ...answerParts(deps, passage),
  };
  // The schemas of the table gave these values their types; the compiler cannot follow them through `Endpoint`.
  const result: unknown = await handler(context as unknown as HttpContext<N>);
  // The table says which operations answer with a file, and the type of their handlers follows it.
  if (endpoint.file !== undefined) return fileResponse(endpoint.file, result as FileAnswer);
  return present(endpoint, result);
}

/**
 * Answers a page: caller and rate, then the handler, which also answers what went wrong. Pages change nothing by
 * themselves for a visitor who is signed in, so that where the visitor comes from does not matter.
 */
export async function runPage(deps: PipelineDeps, handler: PageHandler, passage: Passage): Promise<Response> {
  try {
    const caller = await identify(deps, { auth: "none", tag: "auth" }, passage);
    await checkRate(deps, caller);
    return await handler.answer({ caller, ...answerParts(deps, passage) });
  } catch (error) {
    passage.refused(error);
    return handler.failed(error, passage);
  }
}

/**
 * Answers one request of an outside service: the rate of its address, body, handler. Who sent it is the handler's to find
 * out; what is signed then counts for all senders together.
 */
export async function runHook(
  deps: Pick<PipelineDeps, "limits">,
  maxBytes: number,
  handler: (context: HookContext) => Promise<Response>,
  { request, requestId, addressHash }: Passage,
): Promise<Response> {
  checkDeclaredLength(request, maxBytes);
  await deps.limits.sender(addressHash);
  const admit = () => deps.limits.kind("webhooks", addressHash);
  return handler({ request, requestId, body: await readBounded(request, maxBytes), admit });
}

/** What every handler gets of the request itself, and puts into the answer's headers. */
function answerParts({ cookie }: PipelineDeps, { request, requestId, addressHash, place, setCookie }: Passage) {
  return {
    addressHash,
    place,
    requestId,
    request,
    setSession: (token: string, expiresAt: number) => setCookie(cookie.set(token, expiresAt)),
    clearSession: () => setCookie(cookie.clear()),
    setCookie,
  };
}

function checkOrigin({ origins, cookie }: PipelineDeps, request: Request): void {
  if (SAFE.has(request.method) || readBearer(request.headers.get("authorization")) !== undefined) return;
  const origin = request.headers.get("origin");
  const hasSession = cookie.read(request.headers.get("cookie")) !== undefined;
  // Without a session only a page of elsewhere is refused: it could sign a visitor in as somebody else.
  if (origins.allows(origin) || (origin === null && !hasSession)) return;
  throw new AppError(
    "request.foreign_origin",
    "This page may not act here. If it is yours, name its address in PUBLIC_URL or ALLOWED_ORIGINS.",
  );
}

async function identify(
  deps: PipelineDeps,
  endpoint: Pick<Endpoint, "auth" | "tag">,
  passage: Passage,
): Promise<Caller> {
  const { headers } = passage.request;
  const bearer = readBearer(headers.get("authorization"));
  const cookie = deps.cookie.read(headers.get("cookie"));
  try {
    const caller = await deps.authenticate({ bearer, cookie }, passage.addressHash);
    if (caller.kind === "account") passage.identified(caller.accountId);
    return caller;
  } catch (error) {
    const isRefused = error instanceof AppError && /^(auth|account)\./.test(error.code);
    // Whoever tries tokens is slowed down by their address: no account is known yet.
    if (isRefused) await deps.limits.caller(passage.addressHash);
    if (bearer !== undefined || !isRefused) throw error;
    passage.setCookie(deps.cookie.clear());
    if (endpoint.auth !== "none" || !FORGIVING_TAGS.has(endpoint.tag)) throw error;
    return { kind: "anonymous", addressHash: passage.addressHash };
  }
}

function accountOf(caller: Caller): AccountCaller {
  if (caller.kind === "account") return caller;
  throw new AppError("auth.required", "Sign in first.");
}

function checkRole(endpoint: Endpoint, caller: Caller): void {
  if (endpoint.auth === "none") return;
  const { role } = accountOf(caller);
  if (endpoint.auth !== "account" && !hasRole(role, endpoint.auth)) {
    throw new AppError("auth.forbidden", `This takes the role ${endpoint.auth} or a higher one.`);
  }
}

function checkScope(name: EndpointName, endpoint: Endpoint, caller: Caller): void {
  if (caller.kind !== "account") return;
  const needed = neededScope(name, endpoint);
  if (holdsScope(caller.scopes, needed)) return;
  throw new AppError(
    "auth.scope_missing",
    needed === "session"
      ? "A token for programs cannot do this: sign in."
      : `This takes a token with the scope ${needed}.`,
  );
}

async function checkRate({ limits }: PipelineDeps, caller: Caller, kind?: Endpoint["limit"]): Promise<void> {
  const whom = caller.kind === "account" ? caller.accountId : caller.addressHash;
  await limits.caller(whom);
  if (kind !== undefined) await limits.kind(kind, whom);
}

function parse(schema: Endpoint["body"], value: unknown, part: "params" | "query" | "body"): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(result.error, part);
  return result.data;
}

function present(endpoint: Endpoint, result: unknown): Response {
  if (endpoint.response === undefined) {
    return new Response(null, { status: endpoint.status, headers: { "cache-control": "no-store" } });
  }
  // Parsing drops every field that the contract does not name, so that nothing of a row can leave by accident.
  const body = endpoint.response.parse(result);
  return new Response(JSON.stringify(body), {
    status: endpoint.status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
