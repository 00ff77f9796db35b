import type { IdentityConfig } from "../modules/identity/index.ts";
import type { Config } from "../platform/config/config.ts";
import type { HttpConfig } from "../transports/http/index.ts";

/** Entries of a page of history, for every client. */
const historyPage = 100;

/** The limits that clients are told in `hello` and in `serverInfo`. */
export function toldLimits({ limits }: Config) {
  return {
    frameBytes: limits.frameBytes,
    messageCharacters: limits.messageCharacters,
    subscriptionsPerConnection: limits.subscriptionsPerConnection,
    messagesPer5Seconds: limits.messagesPer5Seconds,
    connectionsPerAccount: limits.connectionsPerAccount,
    historyPage,
  };
}

/** The part of the configuration that identity gets. */
export function identityConfig(config: Config): IdentityConfig {
  return {
    jwtSecret: config.jwtSecret,
    sessionSeconds: config.sessionSeconds,
    tokenSeconds: config.jwtExpiresIn,
    registration: config.registration,
    limits: config.limits,
  };
}

/** The part of the configuration that HTTP gets. */
export function httpConfig(config: Config): HttpConfig {
  return {
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    hstsSubdomains: config.hstsSubdomains === "yes",
    metricsToken: config.metricsToken,
    limits: {
      requestsPerMinute: config.limits.requestsPerMinute,
      managementPerMinute: config.limits.apiPerMinute,
      webhooksPerSecond: config.limits.webhooksPerSecond,
      globalPerSecond: config.limits.globalPerSecond,
    },
  };
}
