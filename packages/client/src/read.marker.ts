import type { ReplyData } from "@foyer/protocol";
import { FoyerError } from "./foyer.error.ts";
import type { Outgoing } from "./requests.ts";

/** Errors that say nothing about the mark itself. */
const passing: readonly string[] = ["connection.lost", "server.stopping"];

/** `counted` is called with the server's numbers. */
export interface ReadMarkerDeps {
  roomId: string;
  request: (frame: Outgoing<"markRead">) => Promise<ReplyData<"markRead">>;
  ready: () => boolean;
  counted: (data: ReplyData<"markRead">) => void;
}

/** Sends read marks, one at a time and only the newest, and keeps it across reconnects until it is acknowledged. */
export class ReadMarker {
  readonly #deps: ReadMarkerDeps;
  #wanted: number | undefined;
  #busy = false;
  #waiting: { resolve(): void; reject(error: FoyerError): void }[] = [];

  constructor(deps: ReadMarkerDeps) {
    this.#deps = deps;
  }

  /** The mark that the server has not acknowledged. */
  get wanted(): number | undefined {
    return this.#wanted;
  }

  mark(offset: number): Promise<void> {
    if (this.#wanted === undefined || offset > this.#wanted) this.#wanted = offset;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      void this.flush();
    });
  }

  async flush(): Promise<void> {
    const offset = this.#wanted;
    if (offset === undefined || this.#busy || !this.#deps.ready()) return;
    this.#busy = true;
    try {
      const data = await this.#deps.request({ action: "markRead", roomId: this.#deps.roomId, offset });
      if (this.#wanted === offset) this.#finish();
      this.#deps.counted(data);
    } catch (error) {
      this.#busy = false;
      // Without a connection the mark waits for the next one; a refusal is the end of it.
      if (error instanceof FoyerError && passing.includes(error.code)) return;
      this.#finish(error);
    }
    this.#busy = false;
    await this.flush();
  }

  /** Gives the mark up. */
  abandon(error: FoyerError): void {
    this.#finish(error);
  }

  #finish(error?: unknown): void {
    this.#wanted = undefined;
    for (const waiter of this.#waiting.splice(0)) {
      if (error === undefined) waiter.resolve();
      else waiter.reject(error instanceof FoyerError ? error : new FoyerError("server.error", String(error)));
    }
  }
}
