import { join } from "node:path";
import type { Clock, Ids } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { OperatorError } from "../platform/errors/operator.error.ts";
import { createKeyFile, type KeyFile } from "../platform/vault/key.file.ts";
import { createVault } from "../platform/vault/lazy.vault.ts";
import type { VaultDeps } from "../platform/vault/vault.settings.ts";
import type { Vault } from "../platform/vault/vault.ts";

/** File of the vault's keys where there is no AWS KMS. */
export function vaultKeyPath(dataDir: string): string {
  return join(dataDir, "vault.keys");
}

/** The key file of this configuration. In production a missing one is made by hand alone. */
export function vaultKeyFile(config: Config, { clock, ids }: { clock: Clock; ids: Ids }): KeyFile {
  return createKeyFile({ path: vaultKeyPath(config.dataDir), make: config.nodeEnv !== "production", clock, ids });
}

/** The vault of this configuration. Touches nothing before it is used. */
export function openVault(config: Config, deps: VaultDeps & { clock: Clock; ids: Ids }): Vault {
  const { KMS_KEY_ID: keyId, AWS_REGION: region = "us-east-1", KMS_ENDPOINT: endpoint } = config.services;
  return createVault(
    { kms: keyId === undefined ? undefined : { keyId, region, endpoint }, keyFile: vaultKeyFile(config, deps) },
    deps,
  );
}

/**
 * Refuses a start without a key for the vault in production, and everywhere with a key file that others may read or
 * that is damaged. Throws OperatorError.
 */
export function requireVaultKey(config: Config, deps: { clock: Clock; ids: Ids }): void {
  const file = vaultKeyFile(config, deps);
  const held = file.read();
  if (held !== undefined || config.nodeEnv !== "production" || "KMS_KEY_ID" in config.services) return;
  throw new OperatorError(
    `With NODE_ENV=production the vault needs a key: make ${file.path} with \`foyer vault create-key\`, or set KMS_KEY_ID.`,
  );
}
