import type { AccountCaller, Authenticate } from "../../src/platform/caller/caller.ts";
import { createIds, systemClock } from "../../src/platform/clock/clock.ts";
import { AppError } from "../../src/platform/errors/app.error.ts";
import { createMemoryLimiter } from "../../src/platform/limits/memory.limiter.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createHttp, type HttpDeps } from "../../src/transports/http/index.ts";
import { testSecurity } from "./security.ts";

/** A member with a fixed id, for tests of the transport. */
export function testCaller(role: AccountCaller["role"], addressHash: string): AccountCaller {
  return {
    kind: "account",
    accountId: "0192aaaa-0000-7000-8000-000000000001",
    profile: { accountId: "0192aaaa-0000-7000-8000-000000000001", handle: "ada", displayName: "Ada" },
    role,
    sessionId: "0192aaaa-0000-7000-8000-000000000002",
    expiresAt: 4_000_000_000_000,
    addressHash,
  };
}

/** Takes the name of a role for a token; `expired` is one that is over. */
const byRoleName: Authenticate = async ({ bearer, cookie }, addressHash) => {
  const token = bearer ?? cookie;
  if (token === undefined) return { kind: "anonymous", addressHash };
  if (token === "member" || token === "admin" || token === "owner") return testCaller(token, addressHash);
  throw new AppError(token === "expired" ? "auth.token_expired" : "auth.token_invalid", "Sign in again.");
};

/** HTTP with the given parts exchanged; by default a token is the name of a role. */
export function testHttp(
  over: Partial<Omit<HttpDeps, "config">> & {
    config?: Partial<Omit<HttpDeps["config"], "limits">> & { limits?: Partial<HttpDeps["config"]["limits"]> };
  } = {},
) {
  const { config, ...deps } = over;
  const metrics = createMetrics({ process: false });
  return createHttp({
    log: silentLogger(),
    metrics,
    limiter: createMemoryLimiter(systemClock),
    security: testSecurity(),
    authenticate: byRoleName,
    hashAddress: (address) => address,
    clock: systemClock,
    ids: createIds(systemClock),
    version: "1.2.3",
    health: () => ({ status: "ok", backend: "embedded" }),
    ...deps,
    config: {
      publicUrl: "http://localhost:3000",
      allowedOrigins: ["http://localhost:3000"],
      trustedProxies: [],
      hstsSubdomains: false,
      ...config,
      limits: {
        requestsPerMinute: 0,
        managementPerMinute: 0,
        webhooksPerSecond: 0,
        globalPerSecond: 0,
        ...config?.limits,
      },
    },
  });
}
