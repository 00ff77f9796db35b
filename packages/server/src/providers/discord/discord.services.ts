import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { DiscordServices } from "../../modules/alerts/index.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import { discordAddresses } from "./discord.addresses.ts";
import { createDiscordBot } from "./discord.bot.ts";
import { createDiscordGuard } from "./discord.guard.ts";
import { createDiscordPeople } from "./discord.people.ts";
import { createDiscordWebhooks } from "./discord.webhooks.ts";

export interface DiscordServicesDeps {
  limiter: RateLimiter;
  clock: Clock;
  metrics: Registry;
  log: Logger;
}

/** What of Discord the operator has set up. Undefined: nothing. Nothing is called before it is used. */
export function createDiscordServices(
  services: Readonly<Record<string, string>>,
  deps: DiscordServicesDeps,
): DiscordServices | undefined {
  const { DISCORD_CLIENT_ID: clientId, DISCORD_BOT_TOKEN: token, DISCORD_PUBLIC_KEY: publicKey } = services;
  if (clientId === undefined) return undefined;
  const addresses = discordAddresses(services["DISCORD_API_URL"]);
  const log = deps.log.child({ component: "discord" });
  const guard = createDiscordGuard({
    limiter: deps.limiter,
    key: `discord-refusals:${clientId}`,
    log,
    now: () => performance.now(),
  });
  return {
    people: createDiscordPeople(addresses, guard),
    bot: token === undefined ? undefined : createDiscordBot({ ...deps, log, clientId, token, addresses, guard }),
    webhooks: publicKey === undefined ? undefined : createDiscordWebhooks(publicKey, deps.clock),
  };
}
