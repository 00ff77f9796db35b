import type { DestinationKind } from "@foyer/protocol";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { StreamEvent } from "../alerts.types.ts";
import type { PushAudience } from "../destinations/audience.port.ts";
import { planOf } from "./stream.rules.ts";
import type { StreamsStore } from "./streams.store.ts";

/** Longer than any stream of Twitch may last: what happened before cannot matter any more. */
const reachMs = 4 * 86_400_000;

/** What becomes of broadcasters' streams. */
export interface Streams {
  /**
   * Takes in what was heard. Once this resolves, the streams and all alerts that come of it are durable; hearing it
   * again, or out of order, changes nothing more. Events of unknown broadcasters are passed over.
   */
  apply(event: StreamEvent): Promise<void>;
  /** A guild has begun to announce a broadcaster: if they are live, it gets the alert that it has missed, once. */
  join(guildId: string, broadcasterId: string): Promise<void>;
}

export interface StreamsDeps {
  store: StreamsStore;
  audience: PushAudience;
  editable: readonly DestinationKind[];
  /** There is something to deliver. */
  wake: () => void;
  clock: Clock;
  ids: Ids;
}

/** Streams over their dependencies. */
export function createStreams({ store, audience, editable, wake, clock, ids }: StreamsDeps): Streams {
  /** Asked before the transaction: who wants push is another question, to other tables, and may take a while. */
  async function devicesFor(event: StreamEvent, now: number): Promise<Map<string, string[]>> {
    const devices = new Map<string, string[]>();
    if (event.kind !== "online") return devices;
    const { broadcasterId, guildIds } = await store.pushGuilds(event.twitchId, event.twitchStreamId);
    for (const guildId of guildIds) devices.set(guildId, await audience.devices(guildId, broadcasterId, now));
    return devices;
  }

  return {
    async join(guildId, broadcasterId) {
      const now = clock.now();
      const devices = new Map([[guildId, await audience.devices(guildId, broadcasterId, now)]]);
      // The alert is as old as the wish for it.
      if (await store.join(guildId, broadcasterId, { now, editable, devices, eventAt: now })) wake();
    },

    async apply(event) {
      const now = clock.now();
      const scope = {
        twitchId: event.twitchId,
        since: event.eventAt - reachMs,
        twitchStreamId: "twitchStreamId" in event ? event.twitchStreamId : undefined,
      };
      const rules = { now, editable, devices: await devicesFor(event, now), eventAt: event.eventAt };
      const changed = await store.change(scope, rules, (known) => planOf(known, event, () => ids.uuid()));
      if (changed?.due === true) wake();
    },
  };
}
