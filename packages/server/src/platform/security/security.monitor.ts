import type { ErrorCode } from "@foyer/protocol";
import type { Logger } from "pino";
import { Counter, type Registry } from "prom-client";
import type { Audit } from "../audit/audit.ts";
import type { Clock } from "../clock/clock.ts";
import { refusals, type SecurityEventName, securityEventNames, securityEvents } from "./security.catalogue.ts";

/**
 * What is known of an event: words of ours and ids, never a secret or a text that somebody wrote. The account is
 * printed as a hash.
 */
export interface SecurityFacts {
  accountId?: string | undefined;
  /** An error code, or a short word for why. */
  reason?: string | undefined;
  /** Template of the route, or the action of a socket frame. */
  route?: string | undefined;
  requestId?: string | undefined;
  /** Name of the limit that was met. */
  limit?: string | undefined;
  provider?: string | undefined;
  operation?: string | undefined;
  action?: string | undefined;
  keyId?: string | undefined;
  /** Role of an account that was made. */
  type?: string | undefined;
}

/** Where security events go: a count for each, a structured log line, and for some an entry in the audit trail. */
export interface SecurityMonitor {
  record(event: SecurityEventName, facts?: SecurityFacts): void;
  /** Records an error that is answered, where it is a security event. Others are left alone. */
  refused(code: ErrorCode, facts?: SecurityFacts): void;
  /** Resolves when the audit entries so far are written. */
  flushed(): Promise<void>;
}

export interface SecurityMonitorDeps {
  log: Logger;
  metrics: Registry;
  clock: Clock;
  /** The audit trail itself, not one that reports to this monitor. */
  audit: Audit;
}

/** Whoever is refused again and again must fill neither the log nor the database: everything is counted, not written. */
const LINES = { atOnce: 100, perSecond: 10 };
const ENTRIES = { atOnce: 60, perSecond: 1 };
/** The same thing of the same account gets one audit entry in this time, in milliseconds. */
const ENTRY_EVERY = 600_000;
const MOST_REMEMBERED = 10_000;

export function createSecurityMonitor({ log, metrics, clock, audit }: SecurityMonitorDeps): SecurityMonitor {
  const counter = new Counter({
    name: "foyer_security_events_total",
    help: "Security events by name and severity.",
    labelNames: ["event", "severity"],
    registers: [metrics],
  });
  // A rule can only see a counter rise that was there before.
  for (const event of securityEventNames) counter.inc({ event, severity: securityEvents[event].severity }, 0);

  const lines = new Map<SecurityEventName, Budget>();
  const entries = createBudget(clock, ENTRIES);
  const recorded = new Map<string, number>();
  const writes = new Set<Promise<void>>();

  function print(event: SecurityEventName, facts: SecurityFacts): void {
    const { severity, text } = securityEvents[event];
    let budget = lines.get(event);
    if (budget === undefined) {
      budget = createBudget(clock, LINES);
      lines.set(event, budget);
    }
    if (!budget.take()) return;
    const dropped = budget.dropped();
    const fields = { event, severity, ...known(facts), ...(dropped === 0 ? {} : { dropped }) };
    if (severity === "CRITICAL") log.error(fields, text);
    else if (severity === "WARNING") log.warn(fields, text);
    else log.info(fields, text);
  }

  function isNew(key: string): boolean {
    const now = clock.now();
    const last = recorded.get(key);
    if (last !== undefined && now - last < ENTRY_EVERY) return false;
    recorded.delete(key);
    const oldest = recorded.size >= MOST_REMEMBERED ? recorded.keys().next().value : undefined;
    if (oldest !== undefined) recorded.delete(oldest);
    recorded.set(key, now);
    return true;
  }

  function enter(event: SecurityEventName, { accountId, ...facts }: SecurityFacts): void {
    const { requestId: _requestId, ...told } = facts;
    const details = known(told);
    if (!isNew(JSON.stringify([event, accountId, details])) || !entries.take()) return;
    const dropped = entries.dropped();
    const write = audit
      .record({
        actorId: accountId ?? null,
        action: event,
        subject: { kind: "server", id: "" },
        details: { ...details, ...(dropped === 0 ? {} : { dropped }) },
      })
      .catch((error: unknown) => log.error({ err: error, event }, "A security event could not be audited"))
      .finally(() => writes.delete(write));
    writes.add(write);
  }

  function record(event: SecurityEventName, facts: SecurityFacts = {}): void {
    const { severity, audited } = securityEvents[event];
    counter.inc({ event, severity });
    print(event, facts);
    // Strangers who knock are counted; the audit trail is about accounts and about the server itself.
    if (audited && (facts.accountId !== undefined || event !== "access.denied")) enter(event, facts);
  }

  return {
    record,
    refused(code, facts = {}) {
      const event = refusals[code];
      if (event !== undefined) record(event, { reason: code, ...facts });
    },
    async flushed() {
      await Promise.all(writes);
    },
  };
}

interface Budget {
  take(): boolean;
  /** How many were refused since this was last asked. */
  dropped(): number;
}

function createBudget(clock: Clock, { atOnce, perSecond }: { atOnce: number; perSecond: number }): Budget {
  let left = atOnce;
  let at = clock.now();
  let refused = 0;
  return {
    take() {
      const now = clock.now();
      left = Math.min(atOnce, left + (Math.max(0, now - at) / 1000) * perSecond);
      at = now;
      if (left < 1) {
        refused += 1;
        return false;
      }
      left -= 1;
      return true;
    },
    dropped() {
      const count = refused;
      refused = 0;
      return count;
    },
  };
}

function known(facts: SecurityFacts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
