import type { Broadcaster } from "../alerts.types.ts";
import type { TwitchUser } from "../hearing/twitch.port.ts";

/** A broadcaster with what people see of them. Times are milliseconds since 1970. */
export interface StreamerRecord extends Broadcaster {
  addedBy: "invite" | "name";
  live: { title: string; game: string; viewers: number | null; startedAt: number } | null;
  /** Statuses of their EventSub subscriptions, by type: those of `SubscriptionState`. */
  statuses: ReadonlyMap<string, string>;
}

/** Somebody to be announced. `newId` is for a broadcaster who is not known yet. */
export interface Addition {
  user: TwitchUser;
  newId: string;
  /** Most broadcasters of one guild. */
  limit: number;
  now: number;
}

/** How an addition ended. `known`: the guild announces them already. `full`: it announces as many as it may. */
export type Added = { result: "added" | "known"; broadcasterId: string } | { result: "full" };

/** Store of broadcasters, and of which guild announces whom. Every operation is one transaction. */
export interface BroadcastersStore {
  /** By name. What is known of the person at Twitch is brought up to date. Never more than the limit, also at once. */
  add(guildId: string, addition: Addition & { addedByAccount: string }): Promise<Added>;
  /** The person stays known, for what was said of them before. False: the guild does not announce them. */
  remove(guildId: string, broadcasterId: string): Promise<boolean>;
  /** Whom any of these guilds announces, by name. */
  announcedBy(guildIds: readonly string[]): Promise<StreamerRecord[]>;
  /** One of them. */
  find(guildIds: readonly string[], broadcasterId: string): Promise<StreamerRecord | undefined>;
  /** Notes how people are called now. Ids of those who were called otherwise. */
  rename(users: readonly TwitchUser[]): Promise<string[]>;
}
