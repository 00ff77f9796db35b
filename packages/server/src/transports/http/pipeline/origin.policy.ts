import type { HttpConfig } from "../http.config.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Which pages may act in the name of a visitor's session. */
export interface OriginPolicy {
  allows(origin: string | null | undefined): boolean;
  /** All allowed origins, the public address first. */
  origins(): readonly string[];
  /** Tells the port that the server really listens on, where it was configured as 0. */
  listening(port: number): void;
}

/**
 * The public address and the allowed origins. An origin on this machine is allowed under all three names of it:
 * `localhost`, `127.0.0.1` and `[::1]` are the same server.
 */
export function createOriginPolicy(config: Pick<HttpConfig, "publicUrl" | "allowedOrigins">): OriginPolicy {
  let port: number | undefined;
  let allowed = build();

  function build(): Set<string> {
    const origins = new Set<string>();
    for (const text of [config.publicUrl, ...config.allowedOrigins]) {
      const url = new URL(text);
      if (url.port === "0" && port !== undefined) url.port = String(port);
      origins.add(url.origin);
      if (!LOOPBACK.includes(url.hostname)) continue;
      for (const hostname of LOOPBACK) {
        url.hostname = hostname;
        origins.add(url.origin);
      }
    }
    return origins;
  }

  return {
    allows: (origin) => typeof origin === "string" && allowed.has(origin),
    origins: () => [...allowed],
    listening(actual) {
      port = actual;
      allowed = build();
    },
  };
}
