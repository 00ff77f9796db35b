import { setTimeout as sleep } from "node:timers/promises";
import type { Dialect, Entry, Place } from "./dialect.ts";
import { RawSocket } from "./raw.socket.ts";

/** How many connections are being made at a time: less than the backlog of a listening socket. */
const handshakes = 200;
const joinWithinMs = 60_000;

interface Member {
  socket: RawSocket;
  entry: Entry;
  place: Place | undefined;
}

/** What a measure listens to, while it runs. */
export interface Watch {
  delivered(count: number): void;
  acknowledged(count: number, by: number): void;
}

const nobody: Watch = { delivered: () => {}, acknowledged: () => {} };

/** Connections of one process to one server, all in one room. */
export class Crowd {
  watch: Watch = nobody;
  readonly #dialect: Dialect;
  readonly #port: number;
  readonly #members: Member[] = [];
  #failure: Error | undefined;
  /** Connections that are being cut on purpose may close. */
  #leaving = false;

  constructor(dialect: Dialect, port: number) {
    this.#dialect = dialect;
    this.#port = port;
  }

  get size(): number {
    return this.#members.length;
  }

  /** Connects and joins, a bounded number at a time. Resolves with the number of missed messages that came with it. */
  async join(entries: readonly Entry[]): Promise<number> {
    let next = 0;
    let missed = 0;
    const takeTurns = async () => {
      for (let entry = entries[next++]; entry; entry = entries[next++]) {
        // Not `missed += await …`: that would add to what it was before the wait.
        const more = await this.#enter(entry);
        missed += more;
      }
    };
    await Promise.all(Array.from({ length: Math.min(handshakes, entries.length) }, takeTurns));
    return missed;
  }

  /** Sends by member `by`. */
  send(by: number, ...texts: readonly string[]): void {
    this.#members[by % this.#members.length]?.socket.send(...texts);
  }

  /** Cuts all connections, and gives back what it takes to come back to where they were. */
  leave(): Entry[] {
    this.#leaving = true;
    const entries = this.#members.map(({ entry, place }) => ({ ...entry, since: place }));
    for (const { socket } of this.#members.splice(0)) socket.cut();
    return entries;
  }

  /** Throws when a connection was lost or refused meanwhile: what was measured then means nothing. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  #enter(entry: Entry): Promise<number> {
    this.#leaving = false;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("a connection could not join in time")), joinWithinMs);
      const settle = (error: Error | undefined, missed = 0) => {
        clearTimeout(timer);
        joined = true;
        if (error) reject(error);
        else resolve(missed);
      };
      let joined = false;
      const by = this.#members.length;
      const member: Member = {
        entry,
        place: undefined,
        socket: new RawSocket(
          { port: this.#port, path: this.#dialect.path(entry), headers: this.#dialect.headers(entry) },
          {
            delivered: (count) => this.watch.delivered(count),
            closed: (code) => {
              const error = new Error(`${this.#dialect.name} closed a connection: ${code}`);
              if (!joined) settle(error);
              else if (!this.#leaving) this.#failure ??= error;
            },
            text: (text) => {
              if (joined) this.#heard(member, by, text);
              else this.#step(member, text, settle);
            },
          },
        ),
      };
      this.#members.push(member);
    });
  }

  #step(member: Member, text: string, settle: (error: Error | undefined, missed?: number) => void): void {
    const answer = this.#dialect.answer(text);
    if (answer !== undefined) member.socket.send(answer);
    // The peer sends what was missed before it says that one is in.
    if (text.charCodeAt(this.#dialect.counting.index) === this.#dialect.counting.byte) this.watch.delivered(1);
    const step = this.#dialect.enter(member.entry, text);
    if (step === undefined) return;
    if ("send" in step) member.socket.send(step.send);
    else if ("refused" in step) settle(new Error(`${this.#dialect.name} refused: ${step.refused}`));
    else {
      member.place = step.joined.place;
      // The peer tells the place with each message: the first one is read, then counting begins.
      if (!this.#dialect.placeOf || member.place === undefined) member.socket.reader.counting = this.#dialect.counting;
      settle(undefined, step.joined.missed);
    }
  }

  #heard(member: Member, by: number, text: string): void {
    const answer = this.#dialect.answer(text);
    if (answer !== undefined) {
      member.socket.send(answer);
      return;
    }
    if (member.socket.reader.counting === undefined) {
      const position = this.#dialect.placeOf?.(text);
      if (position === undefined || member.place === undefined) return;
      member.place = { ...member.place, position };
      member.socket.reader.counting = this.#dialect.counting;
      this.watch.delivered(1);
      return;
    }
    try {
      const count = this.#dialect.acknowledged(text);
      if (count > 0) this.watch.acknowledged(count, by);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** Waits until `done`, looking again every millisecond. Throws after `withinMs`. */
export async function until(done: () => boolean, what: string | (() => string), withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!done()) {
    if (performance.now() > deadline) {
      throw new Error(`not in ${withinMs} ms: ${typeof what === "string" ? what : what()}`);
    }
    await sleep(1);
  }
}
