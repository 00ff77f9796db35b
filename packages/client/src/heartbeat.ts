/** `ping` asks the server for a sign of life; `onDead` is called when none came. */
export interface HeartbeatDeps {
  ping: () => void;
  onDead: () => void;
  now: () => number;
}

/**
 * Finds out that a connection is dead: browsers do not show the server's pings to a page. After `intervalMs` without
 * any frame it asks, and after as long again without one it gives up. A late timer (a laptop that slept) asks first.
 */
export class Heartbeat {
  readonly #deps: HeartbeatDeps;
  #intervalMs = 0;
  #heardAt = 0;
  #asked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
  }

  start(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.heard();
    this.#wait(intervalMs);
  }

  /** Something came in. */
  heard(): void {
    this.#heardAt = this.#deps.now();
    this.#asked = false;
  }

  /** Asks right away and waits no longer than `withinMs` for any frame. */
  probe(withinMs: number): void {
    if (this.#timer === undefined) return;
    this.#asked = true;
    this.#deps.ping();
    this.#wait(Math.min(withinMs, this.#intervalMs));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    const silent = this.#deps.now() - this.#heardAt;
    if (this.#asked) this.#deps.onDead();
    else if (silent < this.#intervalMs) this.#wait(this.#intervalMs - silent);
    else {
      this.#asked = true;
      this.#deps.ping();
      this.#wait(this.#intervalMs);
    }
  }
}
