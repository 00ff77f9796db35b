import type { ReplyData } from "@foyer/protocol";
import { FoyerError } from "./foyer.error.ts";
import type { Outgoing } from "./requests.ts";
import type { PendingMessage, SendResult } from "./room.types.ts";

/** A busy server, or an answer that got lost, is worth this many tries on one connection. */
const triesPerConnection = 4;

interface Entry {
  pending: PendingMessage;
  /** Known once the server acknowledged; the entry then only waits for the message itself to come in. */
  result: SendResult | undefined;
  /** On its way, or waiting for a moment before the next try. */
  busy: boolean;
  tries: number;
  resolve(result: SendResult): void;
  reject(error: FoyerError): void;
}

/** `request` sends one frame and waits for its reply. `ready` says that there is a connection to send on. */
export interface OutboxDeps {
  roomId: string;
  request: (frame: Outgoing<"sendMessage">) => Promise<ReplyData<"sendMessage">>;
  ready: () => boolean;
  now: () => number;
  onChange: () => void;
}

/**
 * One's own messages of a room until the server has them. Everything unacknowledged is sent again on each new
 * connection, under the same `clientId` and in the same order, so that the server keeps each exactly once.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #entries = new Map<string, Entry>();
  #connection = 0;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** What the server has not acknowledged, and what it has but has not shown yet. */
  pending(): readonly PendingMessage[] {
    return [...this.#entries.values()].map((entry) => entry.pending);
  }

  has(clientId: string): boolean {
    return this.#entries.has(clientId);
  }

  send(text: string, clientId: string, replyTo: string | undefined): Promise<SendResult> {
    const createdAt = new Date(this.#deps.now()).toISOString();
    const pending: PendingMessage = { clientId, text, createdAt, state: "sending", ...(replyTo && { replyTo }) };
    return new Promise((resolve, reject) => {
      if (this.#entries.has(clientId)) {
        return reject(new FoyerError("request.invalid", "A message with this clientId is on its way already."));
      }
      this.#entries.set(clientId, { pending, result: undefined, busy: false, tries: 0, resolve, reject });
      this.#deps.onChange();
      this.flush();
    });
  }

  retry(clientId: string): void {
    const entry = this.#entries.get(clientId);
    if (entry?.pending.state !== "failed") return;
    const { error: _, ...pending } = entry.pending;
    entry.pending = { ...pending, state: "sending" };
    entry.tries = 0;
    this.#deps.onChange();
    this.flush();
  }

  discard(clientId: string): void {
    const entry = this.#entries.get(clientId);
    if (!entry) return;
    this.#entries.delete(clientId);
    entry.reject(new FoyerError("request.aborted", "The message was discarded."));
    this.#deps.onChange();
  }

  /** Sends what is waiting, in order. */
  flush(): void {
    if (!this.#deps.ready()) return;
    for (const entry of this.#entries.values()) {
      if (!entry.busy && entry.result === undefined && entry.pending.state === "sending") void this.#transmit(entry);
    }
  }

  /** The socket is gone: what was on its way is sent again by the next `flush`. */
  dropped(): void {
    this.#connection += 1;
    for (const entry of this.#entries.values()) {
      entry.busy = false;
      entry.tries = 0;
    }
  }

  /** Marks everything failed that the server has not acknowledged: there will be no other connection. */
  abandon(error: FoyerError): void {
    this.dropped();
    for (const entry of this.#entries.values()) {
      if (entry.result === undefined && entry.pending.state === "sending") this.#fail(entry, error);
    }
    this.settle(() => true);
  }

  /** Forgets everything, as somebody else goes on from here. */
  clear(error: FoyerError): void {
    this.abandon(error);
    this.#entries.clear();
    this.#deps.onChange();
  }

  /** Lets go of acknowledged messages that `arrived`: from then on they are shown as what they are. */
  settle(arrived: (result: SendResult, clientId: string) => boolean): void {
    let settled = false;
    for (const [clientId, entry] of this.#entries) {
      if (!entry.result || !arrived(entry.result, clientId)) continue;
      this.#entries.delete(clientId);
      settled = true;
    }
    if (settled) this.#deps.onChange();
  }

  async #transmit(entry: Entry): Promise<void> {
    const { clientId, text, replyTo } = entry.pending;
    const connection = this.#connection;
    const frame = { action: "sendMessage", roomId: this.#deps.roomId, message: text, clientId } as const;
    entry.busy = true;
    entry.tries += 1;
    try {
      const result = await this.#deps.request(replyTo === undefined ? frame : { ...frame, replyTo });
      entry.result = result;
      entry.resolve(result);
      this.#deps.onChange();
    } catch (error) {
      if (connection !== this.#connection || !this.#entries.has(clientId)) return;
      this.#refused(entry, error instanceof FoyerError ? error : new FoyerError("server.error", String(error)));
    }
  }

  #refused(entry: Entry, error: FoyerError): void {
    // The drop itself, or a server about to go: the next connection decides.
    if (error.code === "connection.lost" || error.code === "server.stopping") return;
    const passing = error.code === "server.busy" || error.code === "request.timeout";
    if (!passing || entry.tries >= triesPerConnection) {
      this.#fail(entry, error);
      return;
    }
    const connection = this.#connection;
    const waitMs = error.code === "request.timeout" ? 0 : (error.retryAfter ?? entry.tries) * 1_000;
    setTimeout(() => {
      if (connection !== this.#connection) return;
      entry.busy = false;
      this.flush();
    }, waitMs);
  }

  #fail(entry: Entry, error: FoyerError): void {
    const { code, message, retryAfter } = error;
    entry.busy = false;
    entry.pending = {
      ...entry.pending,
      state: "failed",
      error: { code, message, ...(retryAfter !== undefined && { retryAfter }) },
    };
    entry.reject(error);
    this.#deps.onChange();
  }
}
