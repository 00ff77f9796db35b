import type { Clock } from "../../../../platform/clock/clock.ts";
import { AppError } from "../../../../platform/errors/app.error.ts";
import { discordUnavailable } from "./discord.answers.ts";
import { DiscordError, DiscordUnauthorized } from "./discord.errors.ts";
import type { DiscordMembership, DiscordPeople } from "./discord.port.ts";
import type { LinkedAccounts } from "./linked.accounts.port.ts";

export interface MembershipsDeps {
  people: DiscordPeople;
  links: LinkedAccounts;
  clock: Clock;
}

/** Which servers of Discord accounts are in, by Discord's word, which is five minutes old at most. */
export interface Memberships {
  /**
   * By guild. Undefined: the account has no link to Discord. Throws `link.sign_in_again`, `provider.unavailable`,
   * `vault.unavailable`: what Discord does not say now is not taken from what it said long ago.
   */
  of(accountId: string): Promise<ReadonlyMap<string, DiscordMembership> | undefined>;
  /** What is known of an account is asked again. */
  forget(accountId: string): void;
}

/** How long an answer counts. Discord lets one person's servers be asked for about once in a second. */
const KEEP_MS = 300_000;
const MOST = 10_000;

interface Known {
  userId: string;
  until: number;
  guilds: Promise<ReadonlyMap<string, DiscordMembership>>;
}

export function createMemberships({ people, links, clock }: MembershipsDeps): Memberships {
  const known = new Map<string, Known>();

  async function ask(accountId: string): Promise<ReadonlyMap<string, DiscordMembership>> {
    try {
      const guilds = await withToken(accountId);
      return new Map(guilds.map((each) => [each.guildId, each]));
    } catch (error) {
      if (error instanceof DiscordUnauthorized) throw signInAgain();
      throw error instanceof DiscordError ? discordUnavailable(error) : error;
    }
  }

  async function withToken(accountId: string): Promise<DiscordMembership[]> {
    const token = await links.accessToken(accountId);
    try {
      return await people.guildsOf(token);
    } catch (error) {
      if (!(error instanceof DiscordUnauthorized)) throw error;
      return people.guildsOf(await links.refreshAfter401(accountId, token));
    }
  }

  return {
    async of(accountId) {
      // Asked each time: a link that is gone, or leads to somebody else, counts at once.
      const link = await links.discordUser(accountId);
      if (link?.works !== true) {
        known.delete(accountId);
        if (link !== undefined) throw signInAgain();
        return undefined;
      }
      const { userId } = link;
      const held = known.get(accountId);
      if (held !== undefined && held.userId === userId && held.until > clock.now()) return held.guilds;
      const guilds = ask(accountId);
      // From now on: while Discord takes its time, what it says may get older.
      const fresh = { userId, until: clock.now() + KEEP_MS, guilds };
      known.delete(accountId);
      const oldest = known.size >= MOST ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
      known.set(accountId, fresh);
      guilds.catch(() => {
        if (known.get(accountId) === fresh) known.delete(accountId);
      });
      return guilds;
    },
    forget: (accountId) => void known.delete(accountId),
  };
}

const signInAgain = () =>
  new AppError("link.sign_in_again", "Sign in with Discord again: it does not take Foyer's access any more.");
