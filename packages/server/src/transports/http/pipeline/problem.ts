import { STATUS_CODES } from "node:http";
import { errorStatus, type Problem } from "@foyer/protocol";
import type { z } from "zod";
import { AppError, type FieldError } from "../../../platform/errors/app.error.ts";

const SAFE_KEY = /^[\w.-]{1,64}$/;

function pathOf(parts: readonly PropertyKey[]): string {
  // A key can be the caller's own text (in records): told only where it is harmless.
  return parts.map((part) => (SAFE_KEY.test(String(part)) ? String(part) : "(key)")).join(".");
}

/** Turns what zod found wrong into fields of `request.invalid`. Says what is allowed, never what was given. */
export function invalidInput(error: z.ZodError, part: "params" | "query" | "body"): AppError {
  const fields: FieldError[] = [];
  for (const issue of error.issues.slice(0, 20)) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys.slice(0, 20)) {
        fields.push({ path: pathOf([...issue.path, key]), message: "is not a field of this request" });
      }
    } else {
      fields.push({ path: pathOf(issue.path), message: issue.message });
    }
  }
  const where = { params: "the path", query: "the query", body: "the body" }[part];
  return new AppError("request.invalid", `Something in ${where} is not as it must be.`, { fields });
}

/** The answer to whatever was thrown. Only an `AppError` tells its text. */
export function toProblem(error: unknown): Problem {
  const known = error instanceof AppError ? error : new AppError("server.error", "Something went wrong on the server.");
  const status = errorStatus[known.code];
  // Whoever has to wait is always told how long.
  const retryAfter = known.retryAfter ?? (status === 429 || status === 503 ? 1 : undefined);
  return {
    type: `urn:foyer:error:${known.code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail: known.message,
    code: known.code,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(known.fields === undefined ? {} : { errors: known.fields }),
    ...known.details,
  };
}

/** `problem` as a response (RFC 9457). */
export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(problem.retryAfter === undefined ? {} : { "retry-after": String(problem.retryAfter) }),
      ...(problem.status === 401 ? { "www-authenticate": `Bearer realm="foyer"${bearerError(problem)}` } : {}),
      ...headers,
    },
  });
}

function bearerError(problem: Problem): string {
  return problem.code === "auth.token_invalid" || problem.code === "auth.token_expired"
    ? ', error="invalid_token"'
    : "";
}
