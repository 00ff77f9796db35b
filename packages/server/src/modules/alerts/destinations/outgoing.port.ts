/** An answer of somebody else's server, as far as it is looked at. */
export interface OutgoingAnswer {
  status: number;
  /** What the receiver asks to wait, in milliseconds. */
  retryAfterMs: number | undefined;
}

/** Why a request to somebody else's server had no answer. */
export type OutgoingFailure = "blocked_address" | "timeout" | "outage";

/** A request to somebody else's server had no answer. */
export class OutgoingError extends Error {
  readonly reason: OutgoingFailure;

  constructor(reason: OutgoingFailure) {
    super(`an outgoing request failed: ${reason}`);
    this.name = "OutgoingError";
    this.reason = reason;
  }
}

/**
 * Requests to addresses that people gave. They reach the internet and nothing else: neither this machine nor its
 * networks, by whatever name or way of writing; only what the operator has named. Redirects are not followed, answers
 * are read up to a bound, and all is over after ten seconds.
 */
export interface Outgoing {
  /** Whether an address may be written to, as far as that is known before it is looked up. */
  permits(url: string): Promise<boolean>;
  /** Posts `body`. Throws OutgoingError. */
  post(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array | string): Promise<OutgoingAnswer>;
}
