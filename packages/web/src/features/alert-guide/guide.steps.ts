import type { AlertsStatus, Destination, Guild, Streamer } from "@foyer/protocol";

/** A step of the guide, by what it is about. */
export type GuideStep = "twitch" | "discord" | "account" | "bot" | "streamer" | "place" | "test" | "elsewhere";

/** What the guide knows at the moment. */
export interface GuideFacts {
  guild: Guild;
  status: AlertsStatus;
  streamers: readonly Streamer[];
  destinations: readonly Destination[];
  /** A test arrived, or an alert was sent. */
  hasArrived: boolean;
}

/** One step, and whether it is done. An optional one stops nobody. */
export interface GuideState {
  step: GuideStep;
  done: boolean;
  optional: boolean;
}

/** The steps to a first alert in the order in which they are to be done. A Discord server has more of them. */
export function guideSteps({ guild, status, streamers, destinations, hasArrived }: GuideFacts): GuideState[] {
  const isHere = guild.guildId === "here";
  const { twitch, discord, linked } = status;
  const place = isHere ? destinations : destinations.filter(({ kind }) => kind === "discord");
  const done: Record<GuideStep, boolean> = {
    // While Twitch confirms somebody who was just added, nothing is to be done: only what fails opens this step again.
    twitch: twitch.configured && (twitch.state === "ok" || twitch.state === "connecting"),
    discord: discord.configured && discord.botWorks,
    account: linked.discord,
    bot: guild.botInstalled,
    streamer: streamers.length > 0,
    place: place.length > 0,
    test: hasArrived,
    elsewhere: false,
  };
  const order: GuideStep[] = isHere
    ? ["twitch", "streamer", "place", "test", "elsewhere"]
    : ["twitch", "discord", "account", "bot", "streamer", "place", "test"];
  return order.map((step) => ({ step, done: done[step], optional: step === "elsewhere" }));
}

/** The step that is to be done now; undefined: all are done that have to be. */
export function nextStep(steps: readonly GuideState[]): GuideStep | undefined {
  return steps.find(({ done, optional }) => !done && !optional)?.step;
}
