import type { Audit } from "../../../platform/audit/audit.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { type Vault, VaultError } from "../../../platform/vault/vault.ts";
import type { LinksStore } from "../credentials/links.store.ts";
import type { SealedTokensService } from "../credentials/sealed.tokens.ts";
import type { Brought, EntrustedStore, Held } from "./entrusted.store.ts";
import type { ExportCounts, ExportedLink } from "./export.format.ts";
import { type ExportSource, openExport } from "./export.reader.ts";
import { decide, type Here, levelAfter, type Outcome, outcomes } from "./import.policy.ts";
import { openStored } from "./stored.tokens.ts";

export interface VaultImportDeps {
  store: EntrustedStore;
  links: Pick<LinksStore, "bySubject">;
  vault: Pick<Vault, "open" | "currentKey">;
  /** Seals under the current key. */
  sealed: Pick<SealedTokensService, "seal">;
  audit: Audit;
  clock: Clock;
  /** Waits so many milliseconds. */
  wait: (milliseconds: number) => Promise<void>;
}

/** What became of one record. Names are what the file says: texts of people. */
export interface Imported {
  outcome: Outcome;
  provider: string;
  accountId: string;
  handle: string;
}

export interface ImportReport {
  /** When the file was made, in milliseconds since 1970. */
  exportedAt: number;
  counts: ExportCounts;
  outcomes: Record<Outcome, number>;
}

/** Reads what an export holds into this server, under its own key. */
export interface VaultImport {
  /**
   * Reads the whole file first: of one that is not in order nothing is taken. Then writes record by record, each in a
   * transaction of its own, next to running servers; may be interrupted and run again. `told` hears of each. Throws
   * what `openExport` throws, VaultError when the vault cannot be used.
   */
  run(source: ExportSource, passphrase: string, told: (imported: Imported) => void): Promise<ImportReport>;
}

const tries = 5;
const pauseMs = 500;
const auditPage = 100;
/** The stored tokens could not be opened: not that somebody ended anything. */
const keyTrouble: readonly unknown[] = ["key_lost", "not_authentic"];

export function createVaultImport(deps: VaultImportDeps): VaultImport {
  const { store, vault, audit, clock } = deps;

  /** True when the person unlinked it, or the provider ended it, after `since`. */
  async function endedSince({ accountId, provider }: ExportedLink, since: number): Promise<boolean> {
    for (const action of ["link.removed", "link.revoked"]) {
      let cursor: string | undefined;
      do {
        const page = await audit.list({
          ...{ action, subject: accountId, limit: auditPage },
          ...(cursor === undefined ? {} : { cursor }),
        });
        const ends = page.entries.filter(({ at }) => at > since);
        if (ends.some(({ details: d }) => d?.["provider"] === provider && !keyTrouble.includes(d["reason"])))
          return true;
        cursor = ends.length === page.entries.length ? page.next : undefined;
      } while (cursor !== undefined);
    }
    return false;
  }

  async function look(record: ExportedLink, exportedAt: number): Promise<Here & { held: Held | undefined }> {
    const held = await store.find(record);
    const opened = held?.tokens == null ? null : await openStored(vault, record, held.tokens);
    const owner = await deps.links.bySubject(record.provider, record.subject);
    // Asked only where it decides something: it reads the audit trail.
    const isOpen = held !== undefined && (held.link === null || held.link.status === "revoked");
    return {
      ...{ held, opened, belongsTo: owner?.accountId },
      endedSince: isOpen && (await endedSince(record, exportedAt)),
    };
  }

  async function write(record: ExportedLink, seen: Held): Promise<boolean> {
    const { accountId, provider, subject, name, linkedAt, tokens } = record;
    const link: Brought["link"] = {
      ...{ accountId, provider, subject, name, linkedAt, checkedAt: 0, scopes: record.scopes },
      permissionLevel: levelAfter(seen.link?.permissionLevel, record.permissionLevel),
      status: tokens === null ? record.status : "active",
      reason: tokens === null ? record.reason : null,
    };
    if (tokens === null) return store.bring({ link, tokens }, seen, clock.now());
    const { accessToken, refreshToken, expiresAt, refreshedAt } = tokens;
    const fresh = await deps.sealed.seal(record, { accessToken, refreshToken: refreshToken ?? undefined, expiresAt });
    return store.bring({ link, tokens: { ...fresh, refreshedAt } }, seen, clock.now());
  }

  async function bring(record: ExportedLink, exportedAt: number): Promise<Outcome> {
    for (let attempt = 1; attempt <= tries; attempt++) {
      const here = await look(record, exportedAt);
      const decision = decide(record, here);
      if ("leave" in decision) return decision.leave;
      if (here.held !== undefined && (await write(record, here.held))) {
        if (decision.write === "added") await added(record);
        return decision.write;
      }
      // Somebody refreshes, links or unlinks it at this moment: what they leave is looked at anew.
      if (attempt < tries) await deps.wait(pauseMs);
    }
    return "busy";
  }

  /** A way in that the account did not have stands in its own audit entries. */
  async function added({ accountId, provider }: ExportedLink): Promise<void> {
    await audit.record({
      actorId: null,
      action: "link.added",
      subject: { kind: "account", id: accountId },
      details: { provider, by: "import" },
    });
  }

  return {
    async run(source, passphrase, told) {
      const file = await openExport(source, passphrase);
      // Better now than after the first record.
      await vault.currentKey();
      const counted = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
      try {
        for await (const record of file.records()) {
          const outcome = await bring(record, file.exportedAt);
          counted[outcome] += 1;
          told({ outcome, provider: record.provider, accountId: record.accountId, handle: record.handle });
        }
      } catch (error) {
        if (error instanceof AppError && error.code === "vault.unavailable") {
          throw new VaultError("key_unavailable", "The vault cannot be used now. Run this again: it goes on.");
        }
        throw error;
      } finally {
        await audit.record({
          actorId: null,
          action: "vault.imported",
          subject: { kind: "server", id: "" },
          details: { added: counted.added, updated: counted.updated },
        });
      }
      return { exportedAt: file.exportedAt, counts: file.counts, outcomes: counted };
    },
  };
}
