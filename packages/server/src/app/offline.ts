import type { Logger } from "pino";
import { holdRestoredAlerts } from "../modules/alerts/index.ts";
import { renewEpochs } from "../modules/chat/index.ts";
import { createEntrusted, createIdentity, type Identity } from "../modules/identity/index.ts";
import { createAudit } from "../platform/audit/audit.sql.ts";
import { createMailboxBus } from "../platform/bus/mailbox.sql.ts";
import { createIds, systemClock } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import type { Database } from "../platform/db/database.ts";
import { lockFolder } from "../platform/db/folder.lock.ts";
import { migrate, schemaState } from "../platform/db/migrate.ts";
import { createMemoryLimiter } from "../platform/limits/memory.limiter.ts";
import { createMetrics } from "../platform/metrics/metrics.ts";
import { createSecurityMonitor } from "../platform/security/security.monitor.ts";
import { openDatabaseOrExplain } from "./backends/embedded.ts";
import { openMail } from "./mail.ts";
import { identityConfig } from "./module.config.ts";
import { schemaSteps } from "./schema.ts";
import { openVault } from "./vault.ts";
import { version } from "./version.ts";

/**
 * Brings the database up to date. Returns the steps that were applied. With `restored` every room gets a new epoch, and
 * alerts that may have been sent since are held: for a database that was put back by other means than `foyer restore`. Throws OperatorError while a server runs.
 */
export async function upgradeDatabase(config: Config, log: Logger, options: { restored: boolean }): Promise<string[]> {
  const database = openDatabaseOrExplain(config, log);
  try {
    return await upgrade(database, config, log, options.restored);
  } finally {
    await database.close();
  }
}

/** A running server has the data folder: its database is not changed under its feet. */
async function upgrade(database: Database, config: Config, log: Logger, restored: boolean): Promise<string[]> {
  const { missing, unknown } = await schemaState(database, schemaSteps);
  if (missing.length === 0 && unknown.length === 0 && !restored) return [];
  const lock = lockFolder(config.dataDir);
  try {
    const done = await migrate(database, schemaSteps, { log });
    if (restored) {
      await renewEpochs(database, createIds(systemClock));
      await holdRestoredAlerts(database, systemClock.now());
    }
    return done;
  } finally {
    lock.release();
  }
}

/** Gives `use` the accounts of this database, for commands; may run next to a server. */
export async function withIdentity<T>(
  config: Config,
  log: Logger,
  use: (identity: Identity) => Promise<T>,
): Promise<T> {
  const db = openDatabaseOrExplain(config, log);
  const clock = systemClock;
  const ids = createIds(clock);
  // A running server has to hear of new accounts, and of sessions that have ended.
  const bus = createMailboxBus({ db, ids, log });
  try {
    await upgrade(db, config, log, false);
    const metrics = createMetrics({ process: false });
    const audit = createAudit({ db, clock, ids });
    const security = createSecurityMonitor({ log, metrics, clock, audit });
    const shared = { db, clock, ids, log, bus, metrics, audit, security };
    const vault = openVault(config, shared);
    const identity = createIdentity({
      ...shared,
      vault,
      mail: openMail(config, { ...shared, vault }),
      // Commands delete nobody.
      personal: { export: async function* () {}, erase: async () => {}, traces: async (ids) => new Set(ids) },
      version,
      limiter: createMemoryLimiter(clock),
      config: identityConfig(config),
      // Commands sign nobody in.
      entrusted: createEntrusted({ ...shared, vault, providers: {} }),
      outside: { providers: [], bearers: [], publicUrl: () => config.publicUrl },
      rooms: { inviteValid: async () => false, guestAccess: () => "none" },
    });
    try {
      return await use(identity);
    } finally {
      await identity.close();
      await security.flushed();
      await bus.close();
    }
  } finally {
    await db.close();
  }
}
