import type { VaultDeps, VaultSettings } from "./vault.settings.ts";
import type { Vault } from "./vault.ts";

/**
 * The vault. Reads no key and loads no library before it is first used: a server without outside accounts pays
 * nothing for it.
 */
export function createVault(settings: VaultSettings, deps: VaultDeps): Vault {
  let opened: Promise<Vault> | undefined;
  const vault = () => {
    opened ??= import("./envelope.ts").then(({ createEnvelope }) => createEnvelope(settings, deps));
    return opened;
  };
  return {
    seal: async (binding, secret) => (await vault()).seal(binding, secret),
    open: async (binding, sealed) => (await vault()).open(binding, sealed),
    currentKey: async () => (await vault()).currentKey(),
    examine: async (keyId) => (await vault()).examine(keyId),
  };
}
