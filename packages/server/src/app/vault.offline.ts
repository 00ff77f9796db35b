import type { Logger } from "pino";
import { createAlertShelves } from "../modules/alerts/index.ts";
import { createEntrusted, type ExportFile, requirePassphrase, type VaultImport } from "../modules/identity/index.ts";
import { createAudit } from "../platform/audit/audit.sql.ts";
import { createMailboxBus } from "../platform/bus/mailbox.sql.ts";
import { createIds, systemClock } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { schemaState } from "../platform/db/migrate.ts";
import { OperatorError } from "../platform/errors/operator.error.ts";
import { createMailOutboxStore } from "../platform/mail/mail.outbox.store.sql.ts";
import { createMailShelf } from "../platform/mail/mail.shelf.ts";
import { createMetrics } from "../platform/metrics/metrics.ts";
import { createKeyCare, type KeyCare } from "../platform/vault/key.care.ts";
import { VaultError } from "../platform/vault/vault.ts";
import { openDatabaseOrExplain } from "./backends/embedded.ts";
import { schemaSteps } from "./schema.ts";
import { openVault } from "./vault.ts";

/** The vault as commands have it. */
export interface OfflineVault {
  care: KeyCare;
  /** Everything in it as a file that is made as it is taken. Throws `request.invalid`, `account.password_common`. */
  takeOut(passphrase: string): Promise<ExportFile>;
  bringIn: VaultImport["run"];
}

/** The care for the vault's keys alone; see `withVault`. */
export function withKeyCare<T>(config: Config, log: Logger, use: (care: KeyCare) => Promise<T>): Promise<T> {
  return withVault(config, log, ({ care }) => use(care));
}

/**
 * Gives `use` the vault, for commands and the doctor; may run next to servers. Throws OperatorError when the database
 * is not up to date, or a key cannot be used.
 */
export async function withVault<T>(config: Config, log: Logger, use: (vault: OfflineVault) => Promise<T>): Promise<T> {
  const db = openDatabaseOrExplain(config, log);
  const clock = systemClock;
  const ids = createIds(clock);
  try {
    const { missing, unknown } = await schemaState(db, schemaSteps);
    if (missing.length + unknown.length > 0) {
      throw new OperatorError("The database does not fit this version: start the server, or run `foyer migrate`.");
    }
    const bus = createMailboxBus({ db, ids, log });
    const metrics = createMetrics({ process: false });
    const vault = openVault(config, { clock, ids, log, metrics });
    const audit = createAudit({ db, clock, ids });
    const entrusted = createEntrusted({ db, clock, ids, log, metrics, audit, bus, vault, providers: {} });
    try {
      const shelves = [...entrusted.shelves, ...createAlertShelves(db), createMailShelf(createMailOutboxStore(db))];
      return await use({
        care: createKeyCare({ vault, shelves, log }),
        async takeOut(passphrase) {
          await requirePassphrase(passphrase);
          return entrusted.vaultExport.begin({ accountId: null }, passphrase);
        },
        bringIn: entrusted.vaultImport.run,
      });
    } finally {
      await bus.close();
    }
  } catch (error) {
    throw error instanceof VaultError ? new OperatorError(error.message) : error;
  } finally {
    await db.close();
  }
}
