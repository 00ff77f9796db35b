import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { type PushSimulator, startPush } from "@foyer/simulators/push";
import { startReceiver, type WebhookReceiver } from "@foyer/simulators/receiver";
import { startTwitch, type TwitchSimulator } from "@foyer/simulators/twitch";

/** The services around Foyer. */
export interface Outside {
  twitch: TwitchSimulator;
  discord: DiscordSimulator;
  push: PushSimulator;
  receiver: WebhookReceiver;
  /** What Foyer is told about them. */
  settings: Record<string, string>;
  close(): Promise<void>;
}

/** The Discord server that has the bot in it from the beginning. */
export const greenRoom = "1200000000000000001";

/** Starts the services on free ports, with the people and the servers of the demo in them. */
export async function startOutside(): Promise<Outside> {
  const [twitch, discord, push, receiver] = await Promise.all([
    startTwitch({
      people: [
        { id: "1001", login: "ada", displayName: "Ada", email: "ada@people.example" },
        { id: "1002", login: "bo_live", displayName: "Bo_Live", email: "bo@people.example" },
        { id: "1003", login: "grace_runs", displayName: "GraceRuns" },
      ],
    }),
    startDiscord({
      people: [
        { id: "80351110224678912", login: "ada.d", displayName: "Ada" },
        { id: "80351110224678913", login: "grace.d", displayName: "Grace" },
        { id: "80351110224678914", login: "linus.d", displayName: "Linus" },
      ],
      guilds: [
        {
          id: greenRoom,
          name: "The Green Room",
          members: ["ada.d", "grace.d", "linus.d"],
          channels: ["live-now", "general", "crew"],
          roles: ["Live pings"],
          bot: ["viewChannel", "sendMessages", "embedLinks", "readHistory", "manageRoles"],
        },
        { id: "1200000000000000002", name: "Second Stage", members: ["ada.d", "linus.d"], bot: false },
      ],
    }),
    startPush(),
    startReceiver(),
  ]);
  // As the real one: what is asked first does not know yet.
  twitch.stage.lag(8000, 4000);
  twitch.changeChannel("ada", { title: "Sunday chess with everybody", game: "Chess", tags: ["English", "Cosy"] });
  twitch.changeChannel("bo_live", { title: "Building a mountain hut", game: "Minecraft", tags: ["English"] });
  twitch.changeChannel("grace_runs", { title: "Any percent until it works", game: "Celeste", tags: ["Speedrun"] });
  return {
    twitch,
    discord,
    push,
    receiver,
    settings: {
      ...twitch.environment,
      ...discord.environment,
      OUTGOING_NETWORKS: "127.0.0.0/8",
      VAPID_SUBJECT: "mailto:demo@people.example",
      // Several people sign in from one address here.
      LIMIT_SIGN_INS_PER_MINUTE: "100",
    },
    async close() {
      await Promise.all([twitch, discord, push, receiver].map((each) => each.close()));
    },
  };
}
