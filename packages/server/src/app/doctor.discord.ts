import { DiscordUnauthorized } from "../modules/alerts/index.ts";
import type { Clock } from "../platform/clock/clock.ts";
import { groupStates } from "../platform/config/config.checks.ts";
import type { Config } from "../platform/config/config.ts";
import { createMemoryLimiter } from "../platform/limits/memory.limiter.ts";
import { oneLine } from "../platform/logs/fields.ts";
import { silentLogger } from "../platform/logs/logger.ts";
import { createMetrics } from "../platform/metrics/metrics.ts";
import { createDiscordServices } from "../providers/discord/discord.services.ts";
import type { Finding } from "./doctor.ts";

const GUIDE = "docs/operate/discord.md";

/** Whether alerts can be posted to Discord, and whether Discord can tell what happens there. Asks Discord for the bot's name. */
export async function discordFindings(config: Config, clock: Clock): Promise<Finding[]> {
  const { services } = config;
  const missing = groupStates(services).find(({ group }) => group === "discord")?.missing ?? [];
  const bot = "alerts to Discord";
  if (missing.length > 0) return [{ state: "off", subject: bot, text: `set ${missing.join(" and ")} (${GUIDE})` }];
  if (services["DISCORD_BOT_TOKEN"] === undefined) {
    const text = `people can sign in, and nothing is posted: set DISCORD_BOT_TOKEN (${GUIDE})`;
    return [{ state: "off", subject: bot, text }];
  }
  return [
    { subject: bot, ...(await botWorks(services, clock)) },
    { subject: "events of Discord", ...eventsOf(config) },
  ];
}

async function botWorks(services: Config["services"], clock: Clock): Promise<Pick<Finding, "state" | "text">> {
  const discord = createDiscordServices(services, {
    limiter: createMemoryLimiter(clock),
    metrics: createMetrics({ process: false }),
    log: silentLogger(),
    clock,
  });
  try {
    const self = await discord?.bot?.self();
    return { state: "ok", text: `the bot works, as ${oneLine(self?.name ?? "")}` };
  } catch (error) {
    if (error instanceof DiscordUnauthorized) {
      const text = "Discord does not take DISCORD_BOT_TOKEN: reset the token on the application's page Bot, and set it";
      return { state: "problem", text };
    }
    return { state: "hint", text: "Discord does not answer: whether the bot's token is good is not known" };
  }
}

function eventsOf({ services, publicUrl }: Config): Pick<Finding, "state" | "text"> {
  const until = "until then it takes five minutes until a bot that was removed is noticed";
  if (services["DISCORD_PUBLIC_KEY"] === undefined) {
    return { state: "hint", text: `set DISCORD_PUBLIC_KEY (${GUIDE}): ${until}` };
  }
  const address = `${publicUrl}/webhooks/discord`;
  if (!address.startsWith("https:")) return { state: "off", text: `Discord calls nothing but https://: ${until}` };
  return { state: "ok", text: `the address to enter on the application's page Webhooks is ${address}` };
}
