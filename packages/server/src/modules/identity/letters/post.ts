import type { Logger } from "pino";
import { type Clock, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Letter, Mail } from "../../../platform/mail/mail.ts";
import type { AccountRecord, AccountsStore } from "../accounts/accounts.store.ts";
import type { SessionRecord, SessionsStore } from "../sessions/sessions.store.ts";
import { type AccountChange, type AccountNotice, changeLetter, newSignInLetter, noticeLetter } from "./letters.ts";

export interface PostDeps {
  mail: Mail;
  accounts: Pick<AccountsStore, "byIds">;
  sessions: Pick<SessionsStore, "familiarity">;
  clock: Clock;
  log: Logger;
  /** Without a slash at the end: asked at each use, since the port may come late. */
  publicUrl: () => string;
}

/**
 * Letters to the people of this server. Nothing here is waited for by a request: neither a slow mail server nor the
 * time that a letter takes tells anybody anything.
 */
export interface Post {
  readonly isConfigured: boolean;
  /** Throws `email.not_configured`. */
  require(): void;
  /** Sends a letter by and by. `seconds`: how long it is of use. */
  later(work: () => Promise<{ accountId: string; to: string; letter: Letter; seconds: number } | undefined>): void;
  /** Tells an account that has shown its address what changed. `to`: another address than the one it has now. */
  changed(accountId: string, change: AccountChange, to?: string): void;
  /** Tells an account that has shown its address what another part of the server has to say. */
  notice(accountId: string, notice: AccountNotice): void;
  /** Tells an account of a sign-in from where it never was before. */
  signedIn(account: AccountRecord, session: SessionRecord): void;
  /** Waits for what was begun. */
  close(): Promise<void>;
}

const noticeSeconds = 86_400;
/** For so long a device at a place is remembered, in milliseconds. */
const familiarMs = 30 * 86_400_000;

export function createPost({ mail, accounts, sessions, clock, log, publicUrl }: PostDeps): Post {
  const running = new Set<Promise<void>>();
  const sender = () => ({ publicUrl: publicUrl() });

  const later: Post["later"] = (work) => {
    if (!mail.isConfigured) return;
    const run = (async () => {
      const made = await work();
      if (made === undefined) return;
      const { accountId, to, letter, seconds } = made;
      await mail.send({ accountId, to, ...letter, usefulUntil: clock.now() + seconds * 1000 });
    })()
      .catch((error: unknown) => log.error({ err: error }, "an e-mail could not be written"))
      .finally(() => running.delete(run));
    running.add(run);
  };

  return {
    isConfigured: mail.isConfigured,
    require() {
      if (!mail.isConfigured) {
        throw new AppError("email.not_configured", "This server sends no e-mail: SMTP_URL and MAIL_FROM are not set.");
      }
    },
    later,

    changed(accountId, change, address) {
      later(async () => {
        const [account] = await accounts.byIds([accountId]);
        // An address that nobody has confirmed may be a stranger's.
        const to = address ?? (account?.emailVerifiedAt == null ? undefined : account.email);
        if (account === undefined || to == null) return undefined;
        return { accountId, to, letter: changeLetter(sender(), account.handle, change), seconds: noticeSeconds };
      });
    },

    notice(accountId, notice) {
      later(async () => {
        const [account] = await accounts.byIds([accountId]);
        if (account?.emailVerifiedAt == null || account.email === null) return undefined;
        const letter = noticeLetter(sender(), notice);
        return { accountId, to: account.email, letter, seconds: noticeSeconds };
      });
    },

    signedIn(account, session) {
      const to = account.email;
      if (account.emailVerifiedAt == null || to === null) return;
      later(async () => {
        if ((await sessions.familiarity(session, clock.now() - familiarMs)) !== "new") return undefined;
        const { device, place, createdAt } = session;
        const seen = { device, place: place ?? undefined, at: isoTime(createdAt) };
        const letter = newSignInLetter(sender(), account.handle, seen);
        return { accountId: account.id, to, letter, seconds: noticeSeconds };
      });
    },

    async close() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
