import {
  DiscordAway,
  DiscordLimited,
  type DiscordPeople,
  DiscordRejected,
  DiscordUnauthorized,
} from "../../modules/alerts/index.ts";
import { createBoundedFetch } from "../oauth/outside.fetch.ts";
import type { DiscordAddresses } from "./discord.addresses.ts";
import { guildOf } from "./discord.bot.ts";
import type { DiscordGuard } from "./discord.guard.ts";
import { permission } from "./discord.permissions.ts";
import { ownGuildsWire } from "./discord.wire.ts";

const TIMEOUT_MS = 8_000;
const manages = permission.administrator | permission.manageGuild;

/** What Discord says about people to their own tokens, which have limits of their own. */
export function createDiscordPeople(addresses: DiscordAddresses, guard: DiscordGuard): DiscordPeople {
  const bounded = createBoundedFetch(TIMEOUT_MS);
  // Nobody is in more guilds than one answer holds.
  const url = `${addresses.api}/v${addresses.version}/users/@me/guilds?limit=200`;

  async function ask(accessToken: string): Promise<Response> {
    try {
      return await bounded(url, { headers: { authorization: `Bearer ${accessToken}` } });
    } catch (error) {
      throw new DiscordAway(null, error instanceof Error && error.name === "TimeoutError");
    }
  }

  return {
    async guildsOf(accessToken) {
      guard.check();
      const response = await ask(accessToken);
      await guard.note(response);
      const { status } = response;
      // 403: the person allowed less than it takes. Signing in again mends both.
      if (status === 401 || status === 403) throw new DiscordUnauthorized();
      if (status === 429) {
        throw new DiscordLimited(Math.max(1, Number(response.headers.get("retry-after") ?? 1)) * 1000, status);
      }
      if (status >= 400 && status < 500) throw new DiscordRejected(status, 0);
      const guilds = ownGuildsWire.safeParse(await response.json().catch(() => undefined));
      if (!response.ok || !guilds.success) throw new DiscordAway(status);
      return guilds.data.map((guild) => ({
        ...guildOf(guild),
        manages: guild.owner === true || (guild.permissions & manages) !== 0n,
      }));
    },
  };
}
