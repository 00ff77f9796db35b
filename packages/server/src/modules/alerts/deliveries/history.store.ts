import type { Attempt, DeliveryReason, DeliveryState, DestinationKind } from "@foyer/protocol";

/**
 * One alert for one destination, with all its recipients: for push those are phones and browsers, else it is one.
 * Times are milliseconds since 1970. Of several recipients the latest `sentAt`, and the first that is tried again.
 */
export interface DeliveryRecord {
  deliveryId: string;
  destinationId: string;
  destinationName: string;
  kind: DestinationKind;
  streamerName: string;
  streamTitle: string;
  startedAt: number;
  reason: DeliveryReason | null;
  attempts: number;
  sentAt: number | null;
  nextTryAt: number | null;
  latencyMs: number | null;
  url: string | null;
  recipients: { waiting: number; sent: number; failed: number };
}

export interface HistoryPage {
  items: DeliveryRecord[];
  /** Cursor of the page behind this one. */
  next: string | undefined;
}

/** What was delivered, for people to read. */
export interface HistoryStore {
  /** Newest first, behind `cursor`. `state`: of the delivery as a whole, see `stateOf`. */
  list(
    guildId: string,
    query: { state?: DeliveryState | undefined; cursor?: string | undefined; limit: number },
  ): Promise<HistoryPage>;
  /** Undefined also where it belongs to another guild. */
  find(guildId: string, deliveryId: string): Promise<DeliveryRecord | undefined>;
  /** The last tries of all its recipients, oldest first. Times of `at` in milliseconds since 1970. */
  tries(guildId: string, deliveryId: string): Promise<(Omit<Attempt, "at"> & { at: number })[]>;
  /** Lets everything of a delivery that has failed be tried again until `giveUpAt`. How many recipients that were. */
  retry(guildId: string, deliveryId: string, now: number, giveUpAt: number): Promise<number>;
  /** Forgets tries of deliveries from before `triesBefore`, and deliveries from before `before`. For a job. */
  sweep(triesBefore: number, before: number): Promise<void>;
}

/** What a delivery to several recipients is as a whole: sent as soon as one has it and nothing is open any more. */
export function stateOf({ waiting, sent }: DeliveryRecord["recipients"]): DeliveryState {
  if (waiting > 0) return "waiting";
  return sent > 0 ? "sent" : "failed";
}
