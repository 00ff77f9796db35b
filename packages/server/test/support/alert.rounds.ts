import { vi } from "vitest";
import type { AlertServices, AlertStage } from "./alerts.stage.ts";

/** A server, or several of them, that can be killed and come again. */
export interface Mortal {
  /** SIGKILL to whatever is to die in this round, counted from 1. Gone when it resolves. */
  kill(round: number): Promise<void>;
  /** Starts it again. */
  revive(round: number): Promise<void>;
}

export interface RoundsOptions {
  stage: AlertStage;
  services: AlertServices;
  mortal: Mortal;
  rounds: number;
}

export interface RoundsResult {
  /** For each place that is told (channels, rooms, webhooks, phones): how many alerts it ever got. */
  got: number[];
  /** Rounds in which some of the places had been told when the kill came, and some had not. */
  cut: number;
}

/** Longer than leases and Twitch's answers take together on a machine that is busy. */
const patience = 90_000;

/**
 * Ada goes live; as soon as the first place has heard of it, something is killed and started again; all places hear of
 * it; she ends. So often. Whatever is told twice, or not at all, shows in what the places got.
 */
export async function playRounds({ stage, services, mortal, rounds }: RoundsOptions): Promise<RoundsResult> {
  const { twitch } = services;
  const until = (check: () => Promise<boolean> | boolean, interval = 20) =>
    vi.waitFor(
      async () => {
        if (!(await check())) throw new Error(`not all is there: ${(await told()).join(" ")}`);
      },
      { timeout: patience, interval },
    );
  const outside = () => arrivedOutside(stage, services);
  const told = async () => {
    const inRooms: number[] = [];
    for (const roomId of stage.rooms) inRooms.push((await stage.said(roomId)).length);
    return [...outside(), ...inRooms];
  };
  const isHeard = () => {
    const [conduit] = twitch.eventsub.conduits.all();
    const enabled = twitch.eventsub.subscriptions.all().filter(({ status }) => status === "enabled");
    return enabled.length >= 3 && conduit?.shards.some(({ status }) => status === "enabled") === true;
  };

  let cut = 0;
  for (let round = 1; round <= rounds; round += 1) {
    await until(isHeard);
    twitch.goLive("ada", { title: `Round ${round}` });
    await until(() => outside().some((count) => count >= round), 1);
    await mortal.kill(round);
    const at = outside();
    if (at.some((count) => count < round)) cut += 1;
    await mortal.revive(round);
    await until(async () => (await told()).every((count) => count >= round));
    twitch.endStream("ada");
    // Twitch tells when a stream began in whole seconds: one that begins in the second in which the last one ended would
    // seem to have begun before that end.
    const ended = Date.now();
    await until(() => Date.now() - ended > 1100);
  }
  return { got: await told(), cut };
}

/** Alerts at each channel, webhook and phone: messages that were posted, whatever became of them since. */
function arrivedOutside({ channels, webhooks, phones, posted }: AlertStage, { receiver }: AlertServices): number[] {
  return [
    ...channels.map((channelId) => posted(channelId).length),
    // A receiver knows a repetition by its id, of which the first for an alert ends so; a phone by its topic.
    ...webhooks.map((name) => {
      const first = receiver.taken(name).filter(({ id }) => id.endsWith(".1"));
      return new Set(first.map(({ id }) => id)).size;
    }),
    ...phones.map(({ messages }) => new Set(messages.map(({ topic }) => topic)).size),
  ];
}
