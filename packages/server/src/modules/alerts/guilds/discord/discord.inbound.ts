import type { Logger } from "pino";
import { AppError } from "../../../../platform/errors/app.error.ts";
import type { DiscordNews } from "./discord.port.ts";
import type { LinkedAccounts } from "./linked.accounts.port.ts";
import type { Memberships } from "./memberships.ts";

export interface DiscordInboundDeps {
  links: Pick<LinkedAccounts, "accountOf"> | undefined;
  memberships: Memberships | undefined;
  /** Asks Discord where the bot is now. */
  look: () => void;
  /** Looks at what somebody has in Discord by their choices. */
  recheck: (accountId: string) => Promise<void>;
  log: Logger;
}

/** Takes what Discord sends by itself, after its signature was checked. */
export interface DiscordInbound {
  /** The same again changes nothing. Throws `provider.unavailable` when Discord has to be asked and does not answer. */
  take(news: DiscordNews): Promise<void>;
}

/** News are hints: what is so, is asked of Discord. Whoever repeats an old one finds out nothing and changes nothing. */
export function createDiscordInbound(deps: DiscordInboundDeps): DiscordInbound {
  const { links, memberships, look, log } = deps;

  async function deauthorized(userId: string): Promise<void> {
    const accountId = await links?.accountOf(userId);
    if (accountId === undefined) return;
    memberships?.forget(accountId);
    try {
      // A grant that is gone shows when it is used; whoever has signed in again since keeps theirs.
      await memberships?.of(accountId);
    } catch (error) {
      if (!(error instanceof AppError && /^link\./.test(error.code))) throw error;
      await deps.recheck(accountId);
    }
  }

  return {
    async take(news) {
      if (news.kind === "deauthorized") await deauthorized(news.userId);
      if (news.kind === "moved") look();
      if (news.kind === "other") log.debug({ type: news.type }, "Discord sent something that Foyer does not act on");
    },
  };
}
