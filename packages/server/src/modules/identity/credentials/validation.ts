import type { Logger } from "pino";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { AccessToken, ValidationReport } from "./credentials.ts";
import type { LinkKey, LinksStore } from "./links.store.ts";
import type { TokenProvider } from "./token.provider.port.ts";

export interface ValidationDeps {
  links: LinksStore;
  providers: Readonly<Record<string, TokenProvider>>;
  clock: Clock;
  log: Logger;
  callMs: number;
  open(accountId: string, provider: string): Promise<AccessToken>;
  refreshAfter401(accountId: string, provider: string, staleToken: string): Promise<AccessToken>;
}

const everyMs = 3_600_000;
const againMs = 300_000;
const batch = 100;
const atOnce = 4;

type Outcome = keyof ValidationReport;

/**
 * Asks providers whether grants still stand, as Twitch wants every hour. Each link is checked by one node: whoever
 * claims it. A refused token is refreshed once before the grant counts as gone.
 */
export function createValidation(deps: ValidationDeps): { validateDue(): Promise<ValidationReport> } {
  const { links, clock, log } = deps;

  async function ask(key: LinkKey, provider: TokenProvider): Promise<Outcome> {
    const { accessToken } = await deps.open(key.accountId, key.provider);
    const found = await provider.validate?.(accessToken, { signal: AbortSignal.timeout(deps.callMs) });
    if (found?.active === false) {
      await deps.refreshAfter401(key.accountId, key.provider, accessToken);
    } else if (found?.active === true) {
      await links.noteCheck(key, { checkedAt: clock.now(), scopes: found.scopes, name: found.name });
    }
    return "checked";
  }

  async function check(key: LinkKey, provider: TokenProvider): Promise<Outcome> {
    try {
      return await ask(key, provider);
    } catch (error) {
      const code = error instanceof AppError ? error.code : undefined;
      if (code === "link.sign_in_again") return "revoked";
      // A link that is for signing in alone has no tokens.
      if (code === "link.not_found") return "checked";
      log.warn(
        { provider: key.provider, reason: code ?? (error instanceof Error ? error.name : "unknown") },
        "a grant could not be checked",
      );
      await links.noteCheck(key, { checkedAt: clock.now() - everyMs + againMs });
      return "postponed";
    }
  }

  async function checkAll(name: string, provider: TokenProvider, report: ValidationReport): Promise<void> {
    const now = clock.now();
    for (;;) {
      const due = await links.claimDue(name, now - everyMs, now, batch);
      for (let start = 0; start < due.length; start += atOnce) {
        const outcomes = await Promise.all(due.slice(start, start + atOnce).map((key) => check(key, provider)));
        for (const outcome of outcomes) report[outcome] += 1;
      }
      if (due.length < batch) return;
    }
  }

  return {
    async validateDue() {
      const report: ValidationReport = { checked: 0, revoked: 0, postponed: 0 };
      for (const [name, provider] of Object.entries(deps.providers)) {
        if (provider.validate !== undefined) await checkAll(name, provider, report);
      }
      return report;
    },
  };
}
