import type { EndpointName, EndpointOutput } from "@foyer/protocol";
import { routes } from "@foyer/protocol/routes";

/** Sends requests and keeps everything that was answered with an error, headers and body. */
export interface Asker {
  /** Calls one operation; `path` fills its parameters in order. */
  call<N extends EndpointName>(name: N, options?: AskOptions): Promise<Asked<EndpointOutput<N>>>;
  /** As `call`: the body of an answer that is good. Throws for any other. */
  good<N extends EndpointName>(name: N, options?: AskOptions): Promise<EndpointOutput<N>>;
  /** As `call`: the code of an answer that refuses. Throws for one that is good. */
  refusal(name: EndpointName, options?: AskOptions): Promise<string>;
  /** Any request. */
  raw(
    method: string,
    path: string,
    init?: { headers?: Record<string, string>; body?: string },
  ): Promise<Asked<unknown>>;
  /** Keeps an answer that came by another way, if it is an error. */
  heard(answer: { status: number; headers: Headers; text: string }): void;
  errors(): string;
}

export interface AskOptions {
  as?: string | undefined;
  cookie?: string;
  origin?: string;
  path?: readonly string[];
  body?: unknown;
  query?: string;
}

export interface Asked<T> {
  status: number;
  headers: Headers;
  text: string;
  /** Throws where the answer is none of the good ones. */
  readonly body: T;
}

export function createAsker(origin: string): Asker {
  const errors: string[] = [];
  const heard: Asker["heard"] = ({ status, headers, text }) => {
    if (status >= 400) errors.push(`${status} ${JSON.stringify([...headers])} ${text}`);
  };

  async function send<T>(method: string, path: string, init: RequestInit): Promise<Asked<T>> {
    const response = await fetch(`${origin}${path}`, { method, redirect: "manual", ...init });
    const { status, headers } = response;
    const text = await response.text();
    heard({ status, headers, text });
    return {
      status,
      headers,
      text,
      get body() {
        if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
        return (text === "" ? undefined : JSON.parse(text)) as T;
      },
    };
  }

  const call: Asker["call"] = (name, { as, cookie, origin: from, path = [], body, query = "" } = {}) => {
    const values = [...path];
    const filled = routes[name].path.replace(/\{\w+\}/g, () => encodeURIComponent(values.shift() ?? ""));
    return send(routes[name].method, `${filled}${query}`, {
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
        ...(cookie === undefined ? {} : { cookie }),
        ...(from === undefined ? {} : { origin: from }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };

  return {
    call,
    async good(name, options) {
      const { status, body, text } = await call(name, options);
      if (status !== routes[name].status) throw new Error(`${name}: ${status} ${text}`);
      return body;
    },
    async refusal(name, options) {
      const { status, text } = await call(name, options);
      if (status < 400) throw new Error(`${name} was not refused: ${status} ${text}`);
      return (JSON.parse(text) as { code: string }).code;
    },
    raw: (method, path, init = {}) => send(method, path, init),
    heard,
    errors: () => errors.join("\n"),
  };
}
