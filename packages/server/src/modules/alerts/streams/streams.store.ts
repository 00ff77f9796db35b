import type { DestinationKind } from "@foyer/protocol";
import type { Stream } from "../alerts.types.ts";
import type { KnownStreams, StreamsPlan } from "./stream.state.types.ts";

/** Which of a broadcaster's streams an event can matter to. Milliseconds since 1970. */
export interface StreamScope {
  twitchId: string;
  /** Streams that began, and ends that were, from then on. */
  since: number;
  /** Also this one, whenever it began. */
  twitchStreamId: string | undefined;
}

/** How alerts follow from what happened. */
export interface AlertRules {
  now: number;
  /** Kinds of destinations that can change what they show. */
  editable: readonly DestinationKind[];
  /** Ids of the devices that get push, by guild. */
  devices: ReadonlyMap<string, readonly string[]>;
  /** When Twitch says that it happened, in milliseconds since 1970. */
  eventAt: number;
}

/** Store of the streams, and of the alerts that come of them. */
export interface StreamsStore {
  /** Guilds that announce this broadcaster by push, if the stream is not known yet; else none. */
  pushGuilds(twitchId: string, twitchStreamId: string): Promise<{ broadcasterId: string; guildIds: string[] }>;
  /**
   * One transaction: reads what is known of the broadcaster, lets `plan` decide, and writes that together with the
   * deliveries that come of it: one for each destination of a new stream, or the old one which goes on; more to show
   * for those whose stream changed. Changes of one broadcaster come one after the other. Returns whether there is
   * something to deliver. Undefined: the broadcaster is not known, and nothing was asked or written.
   */
  change(
    scope: StreamScope,
    rules: AlertRules,
    plan: (known: KnownStreams) => StreamsPlan,
  ): Promise<{ due: boolean } | undefined>;
  /**
   * One transaction: the deliveries of a guild that has begun to announce a broadcaster who is live already. Where it has
   * some already, or nobody is live, nothing is written. Returns whether there is something to deliver.
   */
  join(guildId: string, broadcasterId: string, rules: AlertRules): Promise<boolean>;
  /** Streams that are live, by Foyer's ids of their broadcasters. */
  live(broadcasterIds: readonly string[]): Promise<Map<string, Stream>>;
  /** Deletes ends from before `before`, and streams that ended before it and that no delivery tells of. */
  sweep(before: number): Promise<void>;
}
