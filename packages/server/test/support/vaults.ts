import { join } from "node:path";
import type { KmsSimulator } from "@foyer/simulators/kms";
import { createIds, systemClock } from "../../src/platform/clock/clock.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createKeyFile, type KeyFile } from "../../src/platform/vault/key.file.ts";
import { createVault } from "../../src/platform/vault/lazy.vault.ts";
import type { CacheBounds } from "../../src/platform/vault/vault.settings.ts";
import type { Vault } from "../../src/platform/vault/vault.ts";

/** The key file of a data folder, as a server that is not in production has it. */
export function testKeyFile(folder: string, make = true): KeyFile {
  return createKeyFile({ path: join(folder, "vault.keys"), make, clock: systemClock, ids: createIds(systemClock) });
}

/** A vault on the key file of `folder`. */
export function fileVault(folder: string, cache: Partial<CacheBounds> = {}): Vault {
  return createVault(
    { keyFile: testKeyFile(folder), cache },
    { log: silentLogger(), metrics: createMetrics({ process: false }) },
  );
}

/** A vault on a key of the simulated KMS, which also opens with the key file of `folder`. */
export function kmsVault(kms: KmsSimulator, keyId: string, folder: string, cache: Partial<CacheBounds> = {}): Vault {
  const { url, region, credentials } = kms;
  return createVault(
    { kms: { keyId, region, endpoint: url, credentials }, keyFile: testKeyFile(folder), cache },
    { log: silentLogger(), metrics: createMetrics({ process: false }) },
  );
}
