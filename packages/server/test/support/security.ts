import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Audit } from "../../src/platform/audit/audit.ts";
import { type Clock, systemClock } from "../../src/platform/clock/clock.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createSecurityMonitor, type SecurityMonitor } from "../../src/platform/security/security.monitor.ts";

/** A monitor for parts that run without a database: what it would audit is forgotten, unless an audit is given. */
export function testSecurity(
  over: { log?: Logger; metrics?: Registry; clock?: Clock; audit?: Audit } = {},
): SecurityMonitor {
  return createSecurityMonitor({
    log: silentLogger(),
    metrics: createMetrics({ process: false }),
    clock: systemClock,
    audit: { record: async () => undefined, list: async () => ({ entries: [], next: undefined }) },
    ...over,
  });
}
