import { createHmac } from "node:crypto";

/**
 * Names that may be printed. A field that is not here is printed as `[hidden]`: forgetting to list a harmless field
 * costs a look at this file, forgetting to hide a secret one would cost the secret. Texts that people write, tokens,
 * handles, network and e-mail addresses, and the paths of requests (they may hold a token) are never listed.
 */
const printed = new Set([
  ...[
    "action",
    "active",
    "attempt",
    "backend",
    "bytes",
    "cause",
    "closeCode",
    "code",
    "commands",
    "component",
    "connectionId",
  ],
  ...["count", "dropped", "durationMs", "engine", "err", "event", "exitCode", "file", "filterId", "folder", "limit"],
  ...["keyId", "messageId", "method", "node", "offset", "operation", "phase", "pid", "port", "provider"],
  ...["publicUrl", "reason"],
  ...["requestId", "retryAfter", "roomId", "rooms", "route", "schema", "service", "services", "sessionId", "severity"],
  ...["signal", "size", "stack", "state", "status", "step", "syscall", "topic", "total", "type", "version"],
  ...["warning", "workers"],
]);

/** Names that hold account ids: printed as a keyed hash that is the same within one server. */
const accounts = new Set(["accountId", "actorId", "authorId", "memberId", "targetId"]);

const longest = 2000;
const deepest = 4;

/** Short keyed hash of an account id: lines of one account can be found together without naming it. */
export function hashAccount(key: string, accountId: string): string {
  return createHmac("sha256", key).update(`log:${accountId}`).digest("base64url").slice(0, 12);
}

/** Keeps untrusted text on one line and out of the terminal's control: control and direction characters become `\u…`. */
export function oneLine(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Builds the function that turns an object of log fields into what may be printed. `key` is for account hashes. */
export function allowList(key: string): (fields: object) => Record<string, unknown> {
  const clean = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return oneLine(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth >= deepest) return "[deep]";
    if (value instanceof Error) return error(value, depth);
    if (Array.isArray(value)) return value.slice(0, 50).map((entry) => clean(entry, depth + 1));
    return object(value, depth + 1);
  };
  const error = (value: Error, depth: number): Record<string, unknown> => {
    const { code } = value as { code?: unknown };
    return {
      type: value.name,
      ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
      // Line feeds between the frames of a stack are ours; everything inside a line is cleaned.
      stack: (value.stack ?? value.message).split("\n").slice(0, 30).map(oneLine).join("\n"),
      ...(value.cause === undefined ? {} : { cause: clean(value.cause, depth + 1) }),
    };
  };
  const object = (value: object, depth: number): Record<string, unknown> => {
    const shown: Record<string, unknown> = {};
    for (const [name, entry] of Object.entries(value)) {
      if (accounts.has(name)) shown[name] = typeof entry === "string" ? hashAccount(key, entry) : null;
      else if (printed.has(name)) shown[name] = clean(entry, depth);
      else shown[oneLine(name)] = "[hidden]";
    }
    return shown;
  };
  return (fields) => object(fields instanceof Error ? { err: fields } : fields, 0);
}
