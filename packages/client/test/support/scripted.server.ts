import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { defaultLimits, type Message, type ServerFrame } from "@foyer/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import { RoomModel } from "./room.model.ts";

/** A frame of the client, as it came. */
export type Heard = { action: string; requestId?: string; roomId?: string; [field: string]: unknown };

/** One connection, seen from the server: what was heard, and what the script makes of it. */
export class ScriptedSocket {
  readonly url: string;
  readonly heard: Heard[] = [];
  readonly socket: WebSocket;

  constructor(socket: WebSocket, url: string) {
    this.socket = socket;
    this.url = url;
  }

  say(...frames: (ServerFrame | object)[]): void {
    this.socket.send(frames.map((frame) => JSON.stringify(frame)).join("\n"));
  }

  ok(frame: Heard, data: object = {}): void {
    this.say({ type: "reply", requestId: frame.requestId, ok: true, data });
  }

  refuse(frame: Heard, code: string, more: object = {}): void {
    this.say({ type: "reply", requestId: frame.requestId, ok: false, error: { code, message: code, ...more } });
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.socket.terminate();
  }

  count(action: string): number {
    return this.heard.filter((frame) => frame.action === action).length;
  }
}

/**
 * A small server that speaks the protocol and does what a test tells it: `answers` overrides what an action is
 * answered with, `rooms` are the streams behind the default answers. It keeps sends exactly once, as the real one.
 */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  readonly rooms = new Map<string, RoomModel>();
  readonly requests: { method: string; url: string; authorization: string | undefined }[] = [];
  answers: Record<string, (frame: Heard, socket: ScriptedSocket) => void> = {};
  pages: Record<string, object> = {};
  http: ((url: string) => { status: number; body: object; headers?: Record<string, string> } | undefined) | undefined;
  hello: object = { account: { accountId: "me", handle: "me", displayName: "Me", role: "member" }, guest: false };
  heartbeatSeconds = 25;
  subscriptionsPerConnection = 128;
  greet = true;
  readonly #http: Server;
  readonly #webSockets: WebSocketServer;

  private constructor() {
    this.#http = createServer((request, response) => {
      const url = request.url ?? "";
      this.requests.push({ method: request.method ?? "", url, authorization: request.headers.authorization });
      const { status, body, headers } = this.http?.(url) ?? {
        status: 201,
        body: { ticket: `t${this.requests.length}` },
      };
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    });
    this.#webSockets = new WebSocketServer({ server: this.#http });
    this.#webSockets.on("connection", (socket, request) => this.#opened(socket, request));
  }

  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    server.#http.listen(0, "127.0.0.1");
    await once(server.#http, "listening");
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get last(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("nobody has connected");
    return socket;
  }

  room(roomId: string): RoomModel {
    const room = this.rooms.get(roomId) ?? new RoomModel([]);
    this.rooms.set(roomId, room);
    return room;
  }

  /** A message by somebody else, told to everybody who is connected unless `quiet`. */
  post(roomId: string, options: { quiet?: boolean } = {}): Message {
    this.room(roomId).apply({ kind: "create", author: 1, mentions: false });
    return this.#tell(roomId, options.quiet === true);
  }

  async stop(): Promise<void> {
    for (const { socket } of this.sockets) socket.terminate();
    this.#webSockets.close();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  #tell(roomId: string, quiet: boolean): Message {
    const room = this.room(roomId);
    const change = room.changes.at(-1);
    if (!change) throw new Error("nothing has happened");
    const message = { ...change, roomId };
    for (const socket of quiet ? [] : this.sockets) {
      if (socket.socket.readyState === 1) socket.say({ type: "message", roomId, offset: room.head, message });
    }
    return message;
  }

  #opened(webSocket: WebSocket, request: IncomingMessage): void {
    const socket = new ScriptedSocket(webSocket, request.url ?? "");
    this.sockets.push(socket);
    webSocket.on("message", (data) => {
      const frame = JSON.parse(data.toString()) as Heard;
      socket.heard.push(frame);
      (this.answers[frame.action] ?? this.#answer)(frame, socket);
    });
    const { heartbeatSeconds, subscriptionsPerConnection } = this;
    const limits = { ...defaultLimits, subscriptionsPerConnection };
    const basics = { type: "hello", protocol: 1, connectionId: "c", heartbeatSeconds, limits, serverTime: "t" };
    if (this.greet) socket.say({ ...basics, ...this.hello });
  }

  readonly #answer = (frame: Heard, socket: ScriptedSocket): void => {
    const roomId = frame.roomId ?? "";
    if (frame.action === "subscribe") {
      const data = this.room(roomId).subscribe({ since: frame.since as never });
      data.messages = data.messages.map((message) => ({ ...message, roomId }));
      socket.ok(frame, { ...data, room: { ...data.room, roomId } });
    } else if (frame.action === "sendMessage") this.accept(frame, socket);
    else if (frame.action === "markRead") socket.ok(frame, { readOffset: frame.offset, unread: 0, mentions: 0 });
    else if (frame.action === "history")
      socket.ok(frame, this.room(roomId).page({ before: frame.before as number, limit: 50 }));
    else if (frame.action !== "typing") socket.ok(frame, { offset: this.room(roomId).head });
  };

  /** Takes a message in, once for each clientId; `answer` false keeps the acknowledgement back. */
  accept(frame: Heard, socket: ScriptedSocket, options: { answer?: boolean; quiet?: boolean } = {}): void {
    const roomId = frame.roomId ?? "";
    const room = this.room(roomId);
    const known = room.changes.find((message) => message.clientId === frame.clientId);
    if (!known) {
      room.apply({ kind: "create", author: 0, mentions: false });
      const created = room.changes.at(-1);
      const author = { accountId: "me", handle: "me", displayName: "Me" };
      if (created) Object.assign(created, { clientId: frame.clientId, message: frame.message, author });
    }
    const message = known ?? room.changes.at(-1);
    if (options.answer !== false) {
      socket.ok(frame, { messageId: message?.messageId, offset: message?.offset, duplicate: known !== undefined });
    }
    if (!known) this.#tell(roomId, options.quiet === true);
  }
}
