import type { ClientAction, ClientFrameOf, ReplyData, ServerFrameOf } from "@foyer/protocol";
import { FoyerError } from "./foyer.error.ts";

/** A frame without its request id, which is given when it is sent. */
export type Outgoing<A extends ClientAction> = Omit<ClientFrameOf<A>, "requestId">;

/**
 * `repeat`: may be done twice with the same outcome. `apply` gets the reply before any frame that came after it; a
 * promise tells it only after those that came in together with it.
 */
export interface RequestOptions<A extends ClientAction> {
  repeat?: boolean;
  apply?: (data: ReplyData<A>) => void;
}

interface Request {
  frame: Outgoing<ClientAction>;
  repeats: number;
  resolve(data: unknown): void;
  reject(error: FoyerError): void;
  timer: ReturnType<typeof setTimeout>;
}

/** `write` puts a frame on the socket and says whether there was one. */
export interface RequestsDeps {
  write: (frame: object) => boolean;
  timeoutMs: number;
}

/** Pairs requests over the socket with their replies. */
export class Requests {
  readonly #deps: RequestsDeps;
  readonly #inFlight = new Map<string, Request>();
  #parked: Request[] = [];
  #lastId = 0;

  constructor(deps: RequestsDeps) {
    this.#deps = deps;
  }

  /**
   * Sends a frame and waits for its reply. With `repeat` it waits for the next connection when there is none, and is
   * sent once more when the socket drops under it. Otherwise it rejects with `connection.lost`; after the time-out with `request.timeout`; on a refusal with the server's code.
   */
  send<A extends ClientAction>(frame: Outgoing<A>, options: RequestOptions<A> = {}): Promise<ReplyData<A>> {
    return new Promise((resolve, reject) => {
      const request: Request = {
        frame,
        repeats: options.repeat ? 1 : 0,
        // The reply's shape follows from the action; the server is trusted with it.
        resolve: (data) => {
          options.apply?.(data as ReplyData<A>);
          resolve(data as ReplyData<A>);
        },
        reject,
        timer: setTimeout(() => this.#expire(request), this.#deps.timeoutMs),
      };
      if (this.#write(request)) return;
      if (request.repeats > 0) this.#parked.push(request);
      else this.#settle(request, lost());
    });
  }

  /** Takes a reply. One without a request id, or to nobody any more, is left alone. */
  reply(frame: ServerFrameOf<"reply">): void {
    const request = this.#inFlight.get(frame.requestId ?? "");
    if (!request || frame.requestId === undefined) return;
    this.#inFlight.delete(frame.requestId);
    if (frame.ok) {
      this.#settle(request, undefined, frame.data ?? {});
      return;
    }
    const error = frame.error ?? { code: "server.error" as const, message: "The server refused without a reason." };
    this.#settle(request, new FoyerError(error.code, error.message, { retryAfter: error.retryAfter }));
  }

  /** The socket is gone: repeatable requests wait for the next one, the others reject. */
  dropped(): void {
    const requests = [...this.#inFlight.values()];
    this.#inFlight.clear();
    for (const request of requests) {
      if (request.repeats-- > 0) this.#parked.push(request);
      else this.#settle(request, lost());
    }
  }

  /** There is a new socket: what waited for it is sent. */
  resumed(): void {
    const parked = this.#parked;
    this.#parked = [];
    for (const request of parked) {
      if (!this.#write(request)) this.#parked.push(request);
    }
  }

  /** Rejects everything: there will be no other socket. */
  abandon(error: FoyerError): void {
    const requests = [...this.#inFlight.values(), ...this.#parked];
    this.#inFlight.clear();
    this.#parked = [];
    for (const request of requests) this.#settle(request, error);
  }

  #write(request: Request): boolean {
    const requestId = String(++this.#lastId);
    if (!this.#deps.write({ ...request.frame, requestId })) return false;
    this.#inFlight.set(requestId, request);
    return true;
  }

  #expire(request: Request): void {
    const parked = this.#parked.includes(request);
    this.#parked = this.#parked.filter((other) => other !== request);
    for (const [id, other] of this.#inFlight) if (other === request) this.#inFlight.delete(id);
    request.reject(parked ? lost() : new FoyerError("request.timeout", "The server did not answer in time."));
  }

  #settle(request: Request, error: FoyerError | undefined, data?: unknown): void {
    clearTimeout(request.timer);
    if (error) request.reject(error);
    else request.resolve(data);
  }
}

function lost(): FoyerError {
  return new FoyerError("connection.lost", "The connection was lost before the server answered.");
}
