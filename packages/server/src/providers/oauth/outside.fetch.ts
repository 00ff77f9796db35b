import { AppError } from "../../platform/errors/app.error.ts";

/** Calls of outside providers, bounded in time and size. Redirects are never followed: tokens stay where they were sent. */
export type OutsideFetch = (
  url: string | URL,
  init?: { method?: string; headers?: HeadersInit; body?: BodyInit | null; signal?: AbortSignal | undefined },
) => Promise<Response>;

/** Long enough for a provider that is slow, short enough for a person who waits. */
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1_048_576;

/** Throws `provider.unavailable` when a provider does not answer, answers too late, too much, or by a fault of its own. */
export function createOutsideFetch(name: string, timeoutMs = TIMEOUT_MS): OutsideFetch {
  const bounded = createBoundedFetch(timeoutMs);
  return async (url, init) => {
    try {
      const response = await bounded(url, init);
      if (response.status >= 500 || response.status === 429) throw new Error(`status ${response.status}`);
      return response;
    } catch (cause) {
      throw unavailable(name, cause);
    }
  };
}

/** As above, for callers who deal with every status themselves. Throws only when no whole answer came, or too much. */
export function createBoundedFetch(timeoutMs = TIMEOUT_MS): OutsideFetch {
  return async (url, init = {}) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal === undefined ? timeout : AbortSignal.any([init.signal, timeout]);
    const response = await fetch(url, { ...init, redirect: "manual", signal });
    const body = await readAll(response);
    // A body with these statuses is refused by the constructor.
    const isBare = response.status === 204 || response.status === 304;
    const { status } = response;
    const headers = new Headers(response.headers);
    headers.delete("content-encoding");
    headers.delete("content-length");
    return new Response(isBare ? null : body, { status, headers });
  };
}

/** The provider cannot be reached, or cannot do its work, now. */
export function unavailable(name: string, cause?: unknown): AppError {
  const error = new AppError("provider.unavailable", `${name} does not answer at the moment.`, { retryAfter: 30 });
  if (cause !== undefined) error.cause = cause;
  return error;
}

async function readAll(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MOST_BYTES) throw new Error("the answer is too large");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
