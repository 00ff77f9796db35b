import type { Audit, AuditRecord } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../../platform/limits/rate.limiter.ts";
import { accountOf } from "../accounts/account.view.ts";
import type { AccountsStore } from "../accounts/accounts.store.ts";
import type { LinksStore } from "../credentials/links.store.ts";
import type { AuthenticatorApp } from "../factors/authenticator.app.ts";
import { type Passkeys, passkeyView } from "../factors/passkeys.ts";
import type { RecoveryCodes } from "../factors/recovery.codes.ts";
import type { ProgramTokens } from "../programs/program.tokens.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { PersonalData, PersonalRecord } from "./personal.data.port.ts";

export interface ExportDeps {
  accounts: Pick<AccountsStore, "byIds">;
  sessions: Pick<Sessions, "list">;
  programs: Pick<ProgramTokens, "list">;
  app: Pick<AuthenticatorApp, "find">;
  passkeys: Pick<Passkeys, "list">;
  recovery: Pick<RecoveryCodes, "count">;
  links: Pick<LinksStore, "list">;
  audit: Audit;
  personal: PersonalData;
  limiter: RateLimiter;
  clock: Clock;
}

/** All that is kept about an account. */
export interface AccountExport {
  /**
   * JSON, one object a line: `kind` says what it is. The first line is the header; the last one is `end` and counts the
   * others, so that a broken-off file is known for one. Made as it is read. Throws `rate.limited`.
   */
  begin(caller: AccountCaller): Promise<{ name: string; text: AsyncIterable<string> }>;
}

const bucket = { capacity: 5, perSecond: 5 / 3600 };
const auditPage = 100;

export function createAccountExport(deps: ExportDeps): AccountExport {
  const { accounts, audit, clock } = deps;

  async function* own(caller: AccountCaller): AsyncGenerator<PersonalRecord> {
    const { accountId } = caller;
    const [record] = await accounts.byIds([accountId]);
    if (record === undefined) throw new AppError("account.not_found", "There is no such account.");
    yield { kind: "account", ...accountOf(record) };
    for (const session of await deps.sessions.list(caller)) yield { kind: "session", ...session };
    for (const token of await deps.programs.list(accountId)) yield { kind: "token", ...token };
    const app = await deps.app.find(accountId);
    if (app !== undefined) {
      const { createdAt, lastUsedAt } = app;
      const lastUsed = lastUsedAt === null ? {} : { lastUsedAt: isoTime(lastUsedAt) };
      yield { kind: "authenticator_app", createdAt: isoTime(createdAt), ...lastUsed };
    }
    for (const passkey of await deps.passkeys.list(accountId)) yield { kind: "passkey", ...passkeyView(passkey) };
    const codes = await deps.recovery.count(accountId);
    if (codes !== undefined) yield { kind: "recovery_codes", left: codes.left, createdAt: isoTime(codes.createdAt) };
    for (const link of await deps.links.list(accountId)) {
      const { provider, subject, name, scopes, permissionLevel, status, linkedAt } = link;
      yield { kind: "link", provider, subject, name, scopes, permissionLevel, status, linkedAt: isoTime(linkedAt) };
    }
  }

  async function* audited(accountId: string): AsyncGenerator<PersonalRecord> {
    for (const about of [{ actor: accountId }, { subject: accountId }]) {
      let cursor: string | undefined;
      do {
        const page = await audit.list({ ...about, limit: auditPage, ...(cursor === undefined ? {} : { cursor }) });
        // What somebody did to themselves stands in both lists.
        const entries = page.entries.filter((entry) => "actor" in about || entry.actorId !== accountId);
        for (const entry of entries) yield auditLine(entry, accountId);
        cursor = page.next;
      } while (cursor !== undefined);
    }
  }

  async function* lines(caller: AccountCaller): AsyncGenerator<string> {
    const { accountId } = caller;
    let count = 0;
    const header = { kind: "export", version: 1, accountId, exportedAt: isoTime(clock.now()) };
    yield `${JSON.stringify(header)}\n`;
    for (const part of [own(caller), audited(accountId), deps.personal.export(accountId)]) {
      for await (const record of part) {
        count += 1;
        yield `${JSON.stringify(record)}\n`;
      }
    }
    yield `${JSON.stringify({ kind: "end", lines: count })}\n`;
  }

  return {
    async begin(caller) {
      const permit = await deps.limiter.take(`exports:${caller.accountId}`, bucket);
      if (!permit.ok) throw new AppError("rate.limited", "Too many exports.", { retryAfter: permit.retryAfter });
      await audit.record({
        actorId: caller.accountId,
        action: "account.exported",
        subject: { kind: "account", id: caller.accountId },
      });
      const name = `foyer-${caller.profile.handle}-${isoTime(clock.now()).slice(0, 10)}.ndjson`;
      return { name, text: lines(caller) };
    },
  };
}

/** One entry as the person may see it. Who else acted is not theirs to know. */
function auditLine(entry: AuditRecord & { at: number }, accountId: string): PersonalRecord {
  return {
    kind: "audit",
    at: isoTime(entry.at),
    action: entry.action,
    by: entry.actorId === accountId ? "you" : entry.actorId === null ? "the server" : "somebody else",
    subject: entry.subject,
    details: entry.details ?? {},
  };
}
