import type { Audit } from "../../../platform/audit/audit.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { Vault } from "../../../platform/vault/vault.ts";
import type { CredentialsStore } from "../credentials/credentials.store.ts";
import type { LinkNews } from "../credentials/link.news.ts";
import type { LinksStore } from "../credentials/links.store.ts";
import { createSealedTokens } from "../credentials/sealed.tokens.ts";
import type { EntrustedStore } from "./entrusted.store.ts";
import { createVaultExport, type VaultExport } from "./vault.export.ts";
import { createVaultImport, type VaultImport } from "./vault.import.ts";

export type { ExportFile, VaultExport } from "./vault.export.ts";
export type { VaultImport } from "./vault.import.ts";

export interface CarryingDeps {
  store: EntrustedStore;
  vault: Vault;
  credentials: CredentialsStore;
  links: LinksStore;
  news: LinkNews;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

/** Carrying what is entrusted from one server to another. */
export function createCarrying(deps: CarryingDeps): { vaultExport: VaultExport; vaultImport: VaultImport } {
  const { credentials, vault, news, clock } = deps;
  const sealed = createSealedTokens({ vault, store: credentials, news, now: () => clock.now() });
  const wait = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));
  return {
    vaultExport: createVaultExport(deps),
    vaultImport: createVaultImport({ ...deps, sealed, wait }),
  };
}
