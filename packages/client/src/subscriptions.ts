import { FoyerError } from "./foyer.error.ts";

/** A room as the list of subscriptions sees it. `subscribe` resolves when live; `release` says that it is let go. */
export interface Subscriber {
  readonly roomId: string;
  subscribe(): Promise<void>;
  release(): void;
  refused(error: FoyerError): void;
}

/** `unsubscribe` tells the server; `limit` is the server's number for one connection, 0 for any number. */
export interface SubscriptionsDeps {
  unsubscribe: (roomId: string) => void;
  ready: () => boolean;
  limit: () => number;
}

interface Entry {
  room: Subscriber;
  opened: boolean;
  state: "off" | "asking" | "on" | "refused";
  failures: number;
}

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/**
 * Which rooms are subscribed on the connection. Rooms that nobody has open any more stay subscribed, so that coming
 * back is instant and their counts stay right, until their places are needed: then the one left longest ago goes.
 */
export class Subscriptions {
  readonly #deps: SubscriptionsDeps;
  /** By the time of use: the last is the newest. */
  readonly #entries = new Map<string, Entry>();
  #connection = 0;

  constructor(deps: SubscriptionsDeps) {
    this.#deps = deps;
  }

  /** A room is opened, or written to (`opened` false): it wants a place. */
  want(room: Subscriber, opened: boolean): void {
    const entry = this.#entries.get(room.roomId) ?? { room, opened, state: "off", failures: 0 };
    this.#entries.delete(room.roomId);
    this.#entries.set(room.roomId, entry);
    entry.opened ||= opened;
    if (entry.state === "refused" && opened) entry.state = "off";
    this.#plan();
  }

  /** The last one closed the room. */
  leave(roomId: string): void {
    const entry = this.#entries.get(roomId);
    if (!entry) return;
    entry.opened = false;
    this.#entries.delete(roomId);
    if (entry.state === "refused") entry.room.release();
    else this.#entries.set(roomId, entry);
    this.#plan();
  }

  /** Asks the server again for a room that is subscribed: after a resync, or when rights may have changed. */
  renew(roomId: string): void {
    const entry = this.#entries.get(roomId);
    if (!entry || entry.state === "off" || !this.#deps.ready()) return;
    void this.#ask(entry);
  }

  /** The server ended a subscription, as the room is gone or closed to us. */
  ended(roomId: string): void {
    const entry = this.#entries.get(roomId);
    if (entry) entry.state = "refused";
  }

  /** A new connection: every room is asked for again, the ones used last first. */
  resumed(): void {
    for (const entry of this.#entries.values()) entry.state = "off";
    this.#plan();
  }

  dropped(): void {
    this.#connection += 1;
    for (const entry of this.#entries.values()) entry.failures = 0;
  }

  /** Gives places to opened rooms first, then to those used last, and lets go of the rest. */
  #plan(): void {
    if (!this.#deps.ready()) return;
    const limit = this.#deps.limit() || Number.POSITIVE_INFINITY;
    const byUse = [...this.#entries.values()].filter((entry) => entry.state !== "refused").reverse();
    const ranked = [...byUse.filter((entry) => entry.opened), ...byUse.filter((entry) => !entry.opened)];
    for (const entry of ranked.slice(limit)) this.#letGo(entry);
    for (const entry of ranked.slice(0, limit)) if (entry.state === "off") void this.#ask(entry);
  }

  #letGo(entry: Entry): void {
    if (entry.state !== "off") {
      entry.state = "off";
      this.#deps.unsubscribe(entry.room.roomId);
    }
    // An opened room keeps its turn: it is subscribed again as soon as there is a place.
    if (!entry.opened) this.#entries.delete(entry.room.roomId);
    entry.room.release();
  }

  async #ask(entry: Entry): Promise<void> {
    const connection = this.#connection;
    entry.state = "asking";
    try {
      await entry.room.subscribe();
      if (connection === this.#connection && entry.state === "asking") entry.state = "on";
      entry.failures = 0;
    } catch (error) {
      const current = connection === this.#connection && entry.state === "asking";
      if (current && error instanceof FoyerError) this.#refused(entry, error);
    }
  }

  #refused(entry: Entry, error: FoyerError): void {
    if (error.code === "connection.lost" || error.code === "server.stopping") return;
    const passing = ["server.busy", "server.error", "rate.limited", "request.timeout"].includes(error.code);
    if (!passing) {
      entry.state = "refused";
      entry.room.refused(error);
      return;
    }
    const connection = this.#connection;
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** entry.failures++);
    setTimeout(
      () => {
        if (connection === this.#connection && entry.state === "asking") void this.#ask(entry);
      },
      error.retryAfter === undefined ? waitMs : error.retryAfter * 1_000,
    );
  }
}
