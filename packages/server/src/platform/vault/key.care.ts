import type { Logger } from "pino";
import type { KeyUse, SealedRecord, SealedShelf } from "./sealed.shelf.ts";
import { type KeyState, type Sealed, type Vault, VaultError } from "./vault.ts";

/** A key-encryption key, how it is, and how much hangs on it. */
export type KeyReport = KeyState & Omit<KeyUse, "keyId">;

/** What a rewrap did. */
export interface RewrapReport {
  /** Id of the key that everything hangs on now. */
  keyId: string;
  rewrapped: number;
  /** Changed or held by others again and again: the next rewrap finds them. */
  busy: number;
  /** Could not be opened, by key. */
  lost: Record<string, number>;
}

/** Care for the keys of everything that is sealed, for the command line and the doctor. */
export interface KeyCare {
  /** The current key, and every other that something hangs on. Throws VaultError when there is no current key. */
  report(): Promise<KeyReport[]>;
  /**
   * Seals again under the current key what hangs on others, in batches. May be interrupted and run again at any time,
   * next to running servers. Throws VaultError when a key cannot be used now.
   */
  rewrap(options?: { batch?: number }): Promise<RewrapReport>;
}

export interface KeyCareDeps {
  vault: Vault;
  shelves: readonly SealedShelf[];
  log: Logger;
}

type Outcome = "rewrapped" | "busy" | "lost";

const rounds = 10;
const roundMs = 3_000;

/** Care over the vault and every place where sealed secrets lie. */
export function createKeyCare({ vault, shelves, log }: KeyCareDeps): KeyCare {
  async function rewrapOne(record: SealedRecord): Promise<Outcome> {
    const fresh: Sealed[] = [];
    try {
      for (const { binding, sealed } of record.secrets) {
        fresh.push(await vault.seal(binding, await vault.open(binding, sealed)));
      }
    } catch (error) {
      if (!(error instanceof VaultError) || error.failure === "key_unavailable") throw error;
      await record.lose(error.failure);
      return "lost";
    }
    const keyId = fresh[0]?.keyId ?? "";
    // A new key became the current one in between: the next round finds the record again.
    if (fresh.some((each) => each.keyId !== keyId)) return "busy";
    const done = await record.replace(
      fresh.map(({ text }) => text),
      keyId,
    );
    return done ? "rewrapped" : "busy";
  }

  async function emptyShelf(shelf: SealedShelf, report: RewrapReport, batch: number): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const found: SealedRecord[] = await shelf.underOtherKeys(report.keyId, after, batch);
      for (const record of found) {
        const outcome = await rewrapOne(record);
        if (outcome === "lost") report.lost[record.keyId] = (report.lost[record.keyId] ?? 0) + 1;
        else report[outcome] += 1;
      }
      after = found.at(-1)?.cursor;
      if (found.length < batch) return;
    }
  }

  async function uses(): Promise<Map<string, KeyUse>> {
    const all = new Map<string, KeyUse>();
    for (const { keyId, total, lost } of (await Promise.all(shelves.map((shelf) => shelf.countByKey()))).flat()) {
      const before = all.get(keyId);
      all.set(keyId, { keyId, total: total + (before?.total ?? 0), lost: lost + (before?.lost ?? 0) });
    }
    return all;
  }

  return {
    async report() {
      const current = await vault.currentKey();
      const found = await uses();
      if (!found.has(current)) found.set(current, { keyId: current, total: 0, lost: 0 });
      const states = await Promise.all(
        [...found.values()].map(async (use) => ({ ...use, ...(await vault.examine(use.keyId)) })),
      );
      return states.sort((a, b) => Number(b.current) - Number(a.current));
    },

    async rewrap({ batch = 200 } = {}) {
      const report: RewrapReport = { keyId: "", rewrapped: 0, busy: 0, lost: {} };
      for (let round = 1; round <= rounds; round++) {
        report.keyId = await vault.currentKey();
        report.busy = 0;
        report.lost = {};
        for (const shelf of shelves) await emptyShelf(shelf, report, batch);
        if (report.busy === 0) break;
        log.info({ count: report.busy }, "some records are being changed: another round follows");
        await new Promise((resolve) => void setTimeout(resolve, roundMs));
      }
      return report;
    },
  };
}
