import { type ClientAction, type ReplyData, type ServerFrame, type ServerFrameOf, serverFrames } from "@foyer/protocol";
import { WebSocket } from "ws";

/** How a raw socket introduces itself. `address` is any further query or header that a test needs. */
export interface WireOptions {
  token?: string;
  ticket?: string;
  cookie?: string;
  from?: string;
}

/** A WebSocket without a client on top: what goes over the wire, frame by frame, each checked against the protocol. */
export interface Wire {
  readonly socket: WebSocket;
  readonly hello: ServerFrameOf<"hello">;
  /** Every frame so far, in order. */
  readonly frames: ServerFrame[];
  /** Resolves when the socket is closed, by whomever. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Sends text as it is. */
  text(text: string): void;
  /** Sends a request and waits for its reply. */
  request<A extends ClientAction>(action: A, fields: Record<string, unknown>): Promise<WireReply<A>>;
  /** As `request`, and throws when the reply is not ok. */
  ask<A extends ClientAction>(action: A, fields: Record<string, unknown>): Promise<ReplyData<A>>;
  /** The first frame, from the very beginning or still to come, for which `test` is true. */
  find<T extends ServerFrame["type"]>(type: T, test?: (frame: ServerFrameOf<T>) => boolean): Promise<ServerFrameOf<T>>;
  close(): Promise<void>;
}

export type WireReply<A extends ClientAction> =
  | { ok: true; data: ReplyData<A> }
  | { ok: false; error: NonNullable<ServerFrameOf<"reply">["error"]> };

/** Frames of one text message of the server. Throws for whatever the protocol does not know. */
export function readFrames(text: string): ServerFrame[] {
  return text.split("\n").map((line) => {
    const value = JSON.parse(line) as { type?: string };
    const schema = serverFrames[value.type as keyof typeof serverFrames];
    if (schema === undefined) throw new Error(`not a frame of the protocol: ${line.slice(0, 300)}`);
    const result = schema.safeParse(value);
    if (!result.success) throw new Error(`${result.error.message} in ${line.slice(0, 500)}`);
    return value as ServerFrame;
  });
}

/** Connects and waits for `hello`. Rejects with the close or the HTTP answer when there is none. */
export async function openWire(origin: string, options: WireOptions = {}): Promise<Wire> {
  const query = options.ticket === undefined ? "" : `?ticket=${encodeURIComponent(options.ticket)}`;
  const headers: Record<string, string> = {};
  if (options.token !== undefined) headers["authorization"] = `Bearer ${options.token}`;
  if (options.cookie !== undefined) headers["cookie"] = options.cookie;
  const socket = new WebSocket(`${origin.replace("http", "ws")}/ws${query}`, {
    headers,
    ...(options.from === undefined ? {} : { origin: options.from }),
  });
  const frames: ServerFrame[] = [];
  const waiting = new Set<() => void>();
  let failure: Error | undefined;
  let requests = 0;

  const closing = Promise.withResolvers<{ code: number; reason: string }>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  socket.on("message", (data: Buffer) => {
    try {
      frames.push(...readFrames(data.toString("utf8")));
    } catch (error) {
      failure = error as Error;
    }
    wake();
  });
  socket.on("error", (error) => {
    failure ??= error;
    wake();
  });
  socket.on("close", (code, reason) => {
    closing.resolve({ code, reason: reason.toString() });
    failure ??= new Error(`closed with ${code} ${reason.toString()}`);
    wake();
  });

  function find<T extends ServerFrame["type"]>(
    type: T,
    test: (frame: ServerFrameOf<T>) => boolean = () => true,
  ): Promise<ServerFrameOf<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<ServerFrameOf<T>>();
    let read = 0;
    const timer = setTimeout(() => finish(() => reject(new Error(`no ${type} frame came in 10 s`))), 10_000);
    const finish = (how: () => void): void => {
      clearTimeout(timer);
      waiting.delete(check);
      how();
    };
    const check = (): void => {
      for (; read < frames.length; read += 1) {
        const frame = frames[read] as ServerFrameOf<T>;
        if (frame.type !== type || !test(frame)) continue;
        finish(() => resolve(frame));
        return;
      }
      if (failure !== undefined) finish(() => reject(failure ?? new Error("failed")));
    };
    waiting.add(check);
    check();
    return promise;
  }

  async function request<A extends ClientAction>(action: A, fields: Record<string, unknown>): Promise<WireReply<A>> {
    requests += 1;
    const requestId = `r${requests}`;
    socket.send(JSON.stringify({ action, requestId, ...fields }));
    const reply = await find("reply", (frame) => frame.requestId === requestId);
    if (reply.ok) return { ok: true, data: reply.data as ReplyData<A> };
    if (reply.error === undefined) throw new Error("a reply that is not ok has no error");
    return { ok: false, error: reply.error };
  }

  const hello = await find("hello");
  return {
    socket,
    hello,
    frames,
    closed: closing.promise,
    find,
    request,
    text: (text) => socket.send(text),
    async ask(action, fields) {
      const reply = await request(action, fields);
      if (!reply.ok) throw new Error(`${action}: ${reply.error.code} ${reply.error.message}`);
      return reply.data;
    },
    async close() {
      socket.close(1000);
      await closing.promise;
    },
  };
}
