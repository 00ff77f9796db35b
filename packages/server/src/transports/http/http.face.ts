import type { EndpointName, EndpointOutput, Endpoints } from "@foyer/protocol";
import type { z } from "zod";
import type { AccountCaller, Caller } from "../../platform/caller/caller.ts";

type Parsed<E, K extends string> = E extends { readonly [P in K]: infer S }
  ? S extends z.ZodType
    ? z.output<S>
    : undefined
  : undefined;

/** One request of the operation `N`, after its input was parsed by the schemas of the endpoints table. */
export interface HttpContext<N extends EndpointName = EndpointName> {
  caller: Caller;
  /** The caller as an account; throws `auth.required` for somebody who is not signed in. */
  account(): AccountCaller;
  params: Parsed<Endpoints[N], "params">;
  query: Parsed<Endpoints[N], "query">;
  body: Parsed<Endpoints[N], "body">;
  /** Keyed hash of the caller's network address. */
  addressHash: string;
  /** The caller's network, made coarse: `192.0.2.0/24`, `2001:db8:1::/48`. Undefined where it is not known. */
  place: string | undefined;
  /** Id of this request: in the log lines about it and in the header `x-request-id`. */
  requestId: string;
  request: Request;
  /** Gives the session cookie with the answer. `expiresAt` is in milliseconds since 1970. */
  setSession(token: string, expiresAt: number): void;
  /** Takes the session cookie away with the answer. */
  clearSession(): void;
  /** Gives another cookie with the answer: a whole `Set-Cookie` value. */
  setCookie(value: string): void;
}

/** One request for a page, which people open in their browser and nothing else calls. */
export type PageContext = Omit<HttpContext, "params" | "query" | "body" | "account">;

/** How a page is answered; `failed` answers whatever went wrong, for people. */
export interface PageHandler {
  answer(context: PageContext): Promise<Response>;
  failed(error: unknown, context: Pick<PageContext, "request" | "requestId">): Response | Promise<Response>;
}

/** One request that an outside service sends by itself: its body as the bytes that were signed. */
export interface HookContext {
  request: Request;
  body: Uint8Array;
  requestId: string;
  /** To be called once the signature was found to be good: counts it among all webhooks. Throws `rate.limited`. */
  admit(): Promise<void>;
}

/** A file as an answer: its name for saving, and its text, produced as fast as it is taken. */
export interface FileAnswer {
  name: string;
  text: AsyncIterable<string>;
}

/** What a handler answers with: the response of the endpoints table, a file, or nothing for 204. */
export type HttpResult<N extends EndpointName> = Endpoints[N] extends { readonly file: string }
  ? FileAnswer
  : EndpointOutput<N> extends undefined
    ? // biome-ignore lint/suspicious/noConfusingVoidType: handlers of 204 return what their use case returns: void.
      void
    : EndpointOutput<N>;

export type HttpHandler<N extends EndpointName> = (context: HttpContext<N>) => Promise<HttpResult<N>>;

/** Where the HTTP faces of modules mount their operations. */
export interface HttpFace {
  /** Answers the operation `name` of the endpoints table by `handler`. Mounting a name twice throws. */
  mount<N extends EndpointName>(name: N, handler: HttpHandler<N>): void;
  /** Answers `GET path`, outside of the endpoints table: redirects and pages of HTML. */
  page(path: string, handler: PageHandler): void;
  /**
   * Answers `POST path` for an outside service, which proves itself by a signature: no session counts and no origin is
   * asked for. The body is read up to `maxBytes`; more is answered by `request.too_large`. Limited as a webhook.
   */
  hook(path: string, options: { maxBytes: number }, handler: (context: HookContext) => Promise<Response>): void;
}
