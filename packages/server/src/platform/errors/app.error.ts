import type { ErrorCode, Problem } from "@foyer/protocol";

/** One wrong field of an input: `path` in dots (`a.0.b`), `message` without the value that was given. */
export interface FieldError {
  path: string;
  message: string;
}

/** What some errors tell besides, so that the caller can go on. */
export type ErrorDetails = Pick<Problem, "methods" | "pending" | "url">;

/**
 * An error that the caller may see. Use cases throw it with a stable code; each transport maps it once. Whatever else
 * is thrown is a defect: it is logged and answered as `server.error` without its text.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which trying again can help. */
  readonly retryAfter: number | undefined;
  readonly fields: FieldError[] | undefined;
  readonly details: ErrorDetails | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryAfter?: number; fields?: FieldError[]; details?: ErrorDetails } = {},
  ) {
    super(message);
    this.name = "AppError";
    this.code = code;
    this.retryAfter = options.retryAfter;
    this.fields = options.fields;
    this.details = options.details;
  }
}
