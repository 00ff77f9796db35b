import type { OutboxJob, OutboxStore } from "../../../platform/outbox/outbox.port.ts";
import type { Heard, HeardMessage } from "./twitch.port.ts";

/** An event that waits. `eventAt`: when Twitch sent it; `heardAt`: when it was stored. */
export interface InboxJob extends OutboxJob {
  messageId: string;
  twitchId: string;
  heard: Heard;
  eventAt: number;
  heardAt: number;
}

/** What became of an event, for the figures. */
export type InboxResult = "applied" | "ignored" | "postponed" | "unreadable";

/** What Twitch told, kept before anything is done with it. Every operation is one transaction. */
export interface InboxStore extends OutboxStore<InboxJob, InboxResult> {
  /** Stores an event, due at once. False, and nothing is changed: it is there already, whatever became of it. */
  add(message: HeardMessage, now: number): Promise<boolean>;
  /** Events that are due at `now`. */
  countDue(now: number): Promise<number>;
  /** Forgets what was dealt with and came before `before`. */
  sweep(before: number): Promise<void>;
}
