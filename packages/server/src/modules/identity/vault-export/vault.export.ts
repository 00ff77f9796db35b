import { permissionLevels, signInProviders } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { type Vault, VaultError } from "../../../platform/vault/vault.ts";
import type { CredentialsStore } from "../credentials/credentials.store.ts";
import type { LinkKey } from "../credentials/links.store.ts";
import type { EntrustedLink, EntrustedStore } from "./entrusted.store.ts";
import type { ExportCounts, ExportedLink } from "./export.format.ts";
import { firstLineOf, linesOf } from "./export.writer.ts";
import { openStored } from "./stored.tokens.ts";

export interface VaultExportDeps {
  store: EntrustedStore;
  credentials: Pick<CredentialsStore, "countByKey">;
  vault: Pick<Vault, "open" | "examine">;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

/** A file that is made as it is taken: never in the clear, and nowhere but on its way. */
export interface ExportFile {
  name: string;
  /** Ends with what is in the file. Throws VaultError when a key cannot be used any more: the file breaks off. */
  text: AsyncGenerator<string, ExportCounts>;
}

/** Everything that accounts entrust, as one file that is sealed for a passphrase. */
export interface VaultExport {
  /**
   * Begins the file, after writing down who takes it (`null`: whoever has the shell). Whether they may, and whether the
   * passphrase is good enough, is for the caller to know. Throws VaultError when a key cannot be used now.
   */
  begin(by: { accountId: string | null }, passphrase: string): Promise<ExportFile>;
}

const batch = 50;

export function createVaultExport(deps: VaultExportDeps): VaultExport {
  const { store, vault, audit, clock, ids } = deps;

  /** A file that breaks off helps nobody: better say it before. */
  async function requireKeys(): Promise<void> {
    for (const { keyId } of await deps.credentials.countByKey()) {
      const { state, text } = await vault.examine(keyId);
      if (state === "unavailable") throw new VaultError("key_unavailable", `The key ${keyId} ${text}.`, keyId);
    }
  }

  async function record({ handle, link, tokens }: EntrustedLink): Promise<ExportedLink> {
    const { accountId, subject, name, scopes, status, reason, linkedAt } = link;
    const opened = tokens === null ? null : await openStored(vault, link, tokens);
    const isClosed = typeof opened === "string";
    return {
      ...{ accountId, handle, provider: oneOf(signInProviders, link.provider), subject, name, scopes },
      permissionLevel: link.permissionLevel === null ? null : oneOf(permissionLevels, link.permissionLevel),
      ...{ status, reason, linkedAt },
      tokens:
        tokens === null || opened === null || isClosed
          ? null
          : { ...opened, expiresAt: tokens.expiresAt, refreshedAt: tokens.refreshedAt },
      ...(isClosed ? { unopened: opened } : {}),
    };
  }

  async function* records(): AsyncGenerator<ExportedLink[]> {
    let after: LinkKey | undefined;
    for (;;) {
      const page = await store.page(after, batch);
      if (page.length > 0) yield await Promise.all(page.map(record));
      after = page.at(-1)?.link;
      if (page.length < batch) return;
    }
  }

  return {
    async begin({ accountId }, passphrase) {
      await requireKeys();
      const exportedAt = clock.now();
      const contentKey = ids.secret(32);
      const first = await firstLineOf({ passphrase, contentKey, exportedAt });
      // Before the first byte leaves, and also when the rest is never fetched.
      await audit.record({
        actorId: accountId,
        action: "vault.exported",
        subject: { kind: "server", id: "" },
        details: { links: await store.count(), by: accountId === null ? "command" : "owner" },
      });
      async function* text(): AsyncGenerator<string, ExportCounts> {
        yield first;
        return yield* linesOf(contentKey, records());
      }
      return { name: `foyer-${isoTime(exportedAt).slice(0, 10)}.vault`, text: text() };
    },
  };
}

/** Rows hold words of ours alone; one of a later version is not for this file. */
function oneOf<T extends string>(known: readonly T[], word: string): T {
  const found = known.find((each) => each === word);
  if (found === undefined) throw new Error(`${word} is not known to this version`);
  return found;
}
