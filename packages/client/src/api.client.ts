import type { ErrorCode, Problem } from "@foyer/protocol";
import { routes } from "@foyer/protocol/routes";
import { fileOf, isFile } from "./api.file.ts";
import type { Api } from "./api.types.ts";
import { FoyerError } from "./foyer.error.ts";

/** What HTTP calls need. `token` is asked for at each call, since it may change. */
export interface ApiDeps {
  origin: string;
  token: () => string | undefined;
  fetch: typeof fetch;
  timeoutMs: number;
  recover?: Recover | undefined;
}

/** Asked about a call that was refused; true: something has been done about it, and the call is made once more. */
export type Recover = (error: FoyerError) => Promise<boolean>;

interface CallInput {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** One function for each HTTP operation, made from the table of routes. */
export function createApi(deps: ApiDeps): Api {
  const calls = Object.entries(routes).map(([name, route]) => [
    name,
    (input: CallInput = {}) => persist(deps, route.method, urlOf(deps.origin, route.path, input), input),
  ]);
  // The table's types come from the protocol; the loop above gives each name exactly one function.
  return Object.fromEntries(calls) as Api;
}

function urlOf(origin: string, path: string, input: CallInput): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ""));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `${origin}${filled}${query.size > 0 ? `?${query}` : ""}`;
}

async function persist(deps: ApiDeps, method: string, url: string, input: CallInput): Promise<unknown> {
  try {
    return await call(deps, method, url, input);
  } catch (error) {
    if (deps.recover === undefined || !(error instanceof FoyerError) || error.status === undefined) throw error;
    if (!(await deps.recover(error))) throw error;
    return call(deps, method, url, input);
  }
}

async function call(deps: ApiDeps, method: string, url: string, input: CallInput): Promise<unknown> {
  const token = deps.token();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), deps.timeoutMs);
  try {
    const response = await deps.fetch(url, {
      method,
      headers: {
        accept: "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(input.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      signal: input.signal ? AbortSignal.any([input.signal, timeout.signal]) : timeout.signal,
    });
    if (response.status === 204) return undefined;
    if (response.ok && isFile(response)) {
      // Made while it is sent: how long all of it takes says nothing about whether the server is there.
      clearTimeout(timer);
      return await fileOf(response);
    }
    if (response.ok) return await response.json();
    throw await errorOf(response);
  } catch (cause) {
    if (cause instanceof FoyerError) throw cause;
    if (input.signal?.aborted) throw new FoyerError("request.aborted", "The request was given up.", { cause });
    if (timeout.signal.aborted)
      throw new FoyerError("request.timeout", "The server did not answer in time.", { cause });
    throw new FoyerError("network.failed", "The server could not be reached.", { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function errorOf(response: Response): Promise<FoyerError> {
  const header = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const retryAfter = Number.isNaN(header) ? undefined : header;
  const problem = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  return new FoyerError(
    problem?.code ?? codeOf(response.status),
    problem?.detail ?? problem?.title ?? `The server answered ${response.status}.`,
    {
      status: response.status,
      retryAfter: problem?.retryAfter ?? retryAfter,
      fields: problem?.errors,
      methods: problem?.methods,
      pending: problem?.pending,
      url: problem?.url,
    },
  );
}

/** The code of an answer that is not Foyer's own, such as a proxy's error page. */
function codeOf(status: number): ErrorCode {
  if (status === 401) return "auth.required";
  if (status === 403) return "auth.forbidden";
  if (status === 404) return "request.not_found";
  if (status === 413) return "request.too_large";
  if (status === 429) return "rate.limited";
  return status >= 502 && status <= 504 ? "server.busy" : status >= 500 ? "server.error" : "request.invalid";
}
