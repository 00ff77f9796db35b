import { hasRole } from "@foyer/protocol";
import type { AccountCaller, Caller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { DiscordGuild } from "./discord/discord.port.ts";
import type { Memberships } from "./discord/memberships.ts";
import type { GuildAccess } from "./guild.access.port.ts";
import type { GuildsStore } from "./guilds.store.ts";

export interface GuildAccessDeps {
  /** Undefined: Discord is not set up. */
  memberships: Memberships | undefined;
  store: GuildsStore;
  clock: Clock;
  /** How this server is called. */
  hereName: () => string;
  /** Somebody manages a guild where the bot is not known to be: it may have come meanwhile. */
  notice: (guildId: string) => void;
}

/** Who may do what in a guild, by Discord's word; of `here` by the role on this server. */
export function createGuildAccess(deps: GuildAccessDeps): GuildAccess {
  const { memberships, store, clock, hereName } = deps;

  async function of({ accountId }: AccountCaller) {
    return (await memberships?.of(accountId)) ?? new Map<string, never>();
  }

  /** Most often nothing about a guild has changed, and then nothing is written. */
  async function know({ guildId, name, iconUrl }: DiscordGuild): Promise<void> {
    const known = await store.find(guildId);
    if (known === undefined || known.name !== name || known.iconUrl !== iconUrl) {
      await store.ensure({ guildId, name, iconUrl }, clock.now());
    }
    if (known?.botInstalled !== true && guildId !== "here") deps.notice(guildId);
  }

  return {
    async manage(caller, guildId) {
      const account = accountOf(caller);
      const { accountId } = account;
      if (guildId === "here") {
        if (!hasRole(account.role, "admin")) throw forbidden();
        const guildName = hereName();
        await know({ guildId, name: guildName, iconUrl: null });
        return { accountId, guildName };
      }
      const guild = (await of(account)).get(guildId);
      // The same for a guild that one is in and for one that nobody knows: nobody learns which there are.
      if (guild?.manages !== true) throw forbidden();
      await know(guild);
      return { accountId, guildName: guild.name };
    },

    async managed(caller) {
      const account = accountOf(caller);
      const guilds = [...(await of(account)).values()].filter(({ manages }) => manages);
      const here = hasRole(account.role, "admin") ? ["here"] : [];
      return [...here, ...guilds.map(({ guildId }) => guildId)];
    },

    async joined(caller) {
      const guilds = await of(accountOf(caller));
      const known = await store.known([...guilds.keys()]);
      return ["here", ...known.map(({ guildId }) => guildId)];
    },
  };
}

const forbidden = () => new AppError("guild.forbidden", "You may not manage this server's alerts.");

function accountOf(caller: Caller): AccountCaller {
  if (caller.kind === "account") return caller;
  throw new AppError("auth.required", "Sign in first.");
}
