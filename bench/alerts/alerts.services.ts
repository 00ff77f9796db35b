import { startDiscord } from "@foyer/simulators/discord";
import { startPush } from "@foyer/simulators/push";
import { startTwitch } from "@foyer/simulators/twitch";

/** The Discord server of the benchmark, with the bot in it. */
export const guildId = "1200000000000000001";
/** Ada's id at Twitch. */
export const broadcasterId = "1001";
/** What webhooks are signed with. */
export const secret = "only-for-the-benchmark";

/** Twitch, Discord with all of its limits, and a push service: in this process, beside the load. */
export async function startServices() {
  const [twitch, discord, push] = await Promise.all([
    startTwitch(),
    startDiscord({
      limits: {},
      guilds: [{ id: guildId, name: "The Green Room", members: ["ada.d"], channels: [] }],
    }),
    startPush(),
  ]);
  const env: Record<string, string> = {
    ...twitch.environment,
    ...discord.environment,
    OUTGOING_NETWORKS: "127.0.0.0/8",
    TWITCH_EVENTSUB_TRANSPORT: "webhook",
    TWITCH_EVENTSUB_SECRET: secret,
    VAPID_SUBJECT: "mailto:bench@people.example",
  };
  return {
    twitch,
    discord,
    push,
    env,
    async close() {
      await Promise.all([twitch.close(), discord.close(), push.close()]);
    },
  };
}

export type Services = Awaited<ReturnType<typeof startServices>>;
