import { chooseTransport, isReachable, type TransportChoice } from "../modules/alerts/index.ts";
import { type Clock, createIds } from "../platform/clock/clock.ts";
import { groupStates } from "../platform/config/config.checks.ts";
import type { Config } from "../platform/config/config.ts";
import { AppError } from "../platform/errors/app.error.ts";
import { silentLogger } from "../platform/logs/logger.ts";
import { createMetrics } from "../platform/metrics/metrics.ts";
import { createTwitch } from "../providers/twitch/twitch.alerts.ts";
import type { Finding } from "./doctor.ts";

const GUIDE = "docs/operate/alerts.md";
/** Twitch's own channel: anybody's would do. */
const SOMEBODY = "12826";
const PATIENCE_MS = 5000;

/** By which way Twitch tells who goes live, why by that one, and whether it takes the application's secret. */
export async function twitchFindings(config: Config, clock: Clock): Promise<Finding[]> {
  const subject = "alerts from Twitch";
  const missing = groupStates(config.services).find(({ group }) => group === "twitch")?.missing ?? [];
  if (missing.length > 0) return [{ state: "off", subject, text: `set ${missing.join(" and ")} (${GUIDE})` }];
  return [
    { subject, ...(await takesSecret(config.services, clock)) },
    { subject: "how Twitch tells", ...wayOf(config) },
  ];
}

async function takesSecret(services: Config["services"], clock: Clock): Promise<Pick<Finding, "state" | "text">> {
  const twitch = createTwitch({
    services,
    // Nothing is signed here.
    secret: "",
    clock,
    ids: createIds(clock),
    log: silentLogger(),
    metrics: createMetrics({ process: false }),
  });
  try {
    await twitch?.api.channel(SOMEBODY, PATIENCE_MS);
    return { state: "ok", text: "Twitch takes the client id and secret" };
  } catch (error) {
    if (error instanceof AppError && error.cause === undefined) {
      return { state: "problem", text: `${error.message} Copy both again from Twitch's console (${GUIDE})` };
    }
    return { state: "hint", text: "Twitch does not answer: whether the client id and secret are good is not known" };
  }
}

function wayOf({ services, publicUrl }: Config): Pick<Finding, "state" | "text"> {
  const choice = (services["TWITCH_EVENTSUB_TRANSPORT"] ?? "auto") as TransportChoice;
  const { transport, why } = chooseTransport(choice, publicUrl);
  if (transport === "conduit") return { state: "ok", text: `by a conduit, which needs no open port: ${why}` };
  if (isReachable(publicUrl) || services["TWITCH_API_URL"] !== undefined) {
    return { state: "ok", text: `by webhook at ${publicUrl}/webhooks/twitch: ${why}` };
  }
  const text = `${why}, but Twitch calls nothing but https on port 443: set PUBLIC_URL, or take conduit (it is ${publicUrl})`;
  return { state: "problem", text };
}
