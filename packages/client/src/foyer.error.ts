import type { ErrorCode, ProofMethod } from "@foyer/protocol";

/** Errors that come up on this side, without an answer of the server. */
export type ClientErrorCode =
  | "connection.lost"
  | "connection.closed"
  | "connection.protocol"
  | "network.failed"
  | "request.timeout"
  | "request.aborted";

export type FoyerErrorCode = ErrorCode | ClientErrorCode;

/**
 * What an error carries besides its text. `retryAfter` is in whole seconds; `fields` names what was wrong in the input.
 * `methods`: by what one can show who one is, with `auth.second_factor_required` and `auth.step_up_required`. `pending`:
 * with the former, for `completeSignIn`. `url`: with `link.other_address`, the page to open instead.
 */
export interface FoyerErrorDetails {
  status?: number | undefined;
  retryAfter?: number | undefined;
  fields?: readonly { path: string; message: string }[] | undefined;
  methods?: readonly ProofMethod[] | undefined;
  pending?: string | undefined;
  url?: string | undefined;
  cause?: unknown;
}

/** The one error that the client throws: a stable code to decide by, a text for people. `status` only over HTTP. */
export class FoyerError extends Error {
  override readonly name = "FoyerError";
  readonly code: FoyerErrorCode;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly fields: readonly { path: string; message: string }[] | undefined;
  readonly methods: readonly ProofMethod[] | undefined;
  readonly pending: string | undefined;
  readonly url: string | undefined;

  constructor(code: FoyerErrorCode, message: string, details: FoyerErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.fields = details.fields;
    this.methods = details.methods;
    this.pending = details.pending;
    this.url = details.url;
  }
}
