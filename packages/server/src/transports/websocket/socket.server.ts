import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { closeCodes } from "@foyer/protocol";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { Clock, Ids } from "../../platform/clock/clock.ts";
import { Connection } from "./connection.ts";
import { pingFrame } from "./frame.encoder.ts";
import { Hub } from "./hub.ts";

/** What the layer above does with connections. Nothing here may throw. */
export interface SocketHandler<Data> {
  /**
   * Decides who is calling. The upgrade is done whatever the answer: a browser cannot read an HTTP status here, but
   * it can read a close code.
   */
  admit(request: IncomingMessage): Promise<{ data: Data } | { refuse: number; reason: string }>;
  opened(connection: Connection<Data>): void;
  /** One text frame. The returned promise settles when the next one may be handled: frames keep their order. */
  received(connection: Connection<Data>, text: string): Promise<void>;
  closed(connection: Connection<Data>): void;
  /** Called for each connection about once in `heartbeatSeconds`: the place to renew leases and to end sessions. */
  beat(connection: Connection<Data>): void;
}

export interface SocketServerOptions {
  frameBytes: number;
  queueBytes: number;
  /** Frames a second that one connection may send, with twice as many at once; the surplus waits in the network. 0: no limit. */
  framesPerSecond: number;
  heartbeatSeconds: number;
  pongSeconds: number;
  /** Milliseconds for a slow consumer to drain. */
  drainMs: number;
  resyncText(topic: string): string | undefined;
  goodbyeText(code: number, afterMs: number): string;
  clock: Clock;
  ids: Ids;
}

/** One function for all sockets: a closure here would keep each request alive as long as its connection. */
function destroy(this: Duplex): void {
  this.destroy();
}

/** Frames of one connection that may wait for their turn before reading from the socket stops. */
const waitingFrames = 64;

/** The library's socket with what this layer keeps beside it. */
class ServerSocket extends WebSocket {
  /** Settles when all frames so far are handled. */
  tail: Promise<void> = Promise.resolve();
  waiting = 0;
  tokens = 0;
  /** Over its budget of frames: not read until the budget has filled up again. */
  resting = false;
  refilledAt = 0;
}

/**
 * WebSockets on an HTTP server: upgrade, heartbeats, byte and frame budgets, slow consumers, drain. Knows nothing of
 * what the frames mean.
 */
export class SocketServer<Data> {
  readonly hub: Hub;
  private readonly options: SocketServerOptions;
  private readonly webSockets: WebSocketServer;
  private readonly handler: SocketHandler<Data>;
  private readonly connections = new Map<string, Connection<Data>>();
  /** Connections by the second of the heartbeat in which they are pinged, so that 10,000 pings do not go out at once. */
  private readonly slots: Set<Connection<Data>>[];
  private slot = 0;
  private timer: NodeJS.Timeout | null = null;
  private draining = false;

  constructor(options: SocketServerOptions, handler: SocketHandler<Data>) {
    this.options = options;
    this.handler = handler;
    this.hub = new Hub({
      queueBytes: options.queueBytes,
      drainMs: options.drainMs,
      resyncText: options.resyncText,
      onHopeless: (id) => this.close(id, closeCodes.slowConsumer, "slow consumer"),
    });
    this.webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.frameBytes,
      WebSocket: ServerSocket,
    });
    this.slots = Array.from({ length: options.heartbeatSeconds }, () => new Set());
  }

  start(): void {
    this.timer = setInterval(() => this.heartbeat(), 1000);
    this.timer.unref();
  }

  /** Takes over a request for an upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", destroy);
    if (this.draining) {
      socket.end(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
      );
      return;
    }
    this.handler.admit(request).then(
      (admission) => this.accept(request, socket as Socket, head, admission),
      () => socket.destroy(),
    );
  }

  private accept(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    admission: { data: Data } | { refuse: number; reason: string },
  ): void {
    if (socket.destroyed) return;
    this.webSockets.handleUpgrade(request, socket, head, (upgraded) => {
      const webSocket = upgraded as ServerSocket;
      if ("refuse" in admission) {
        webSocket.on("error", () => webSocket.terminate());
        webSocket.send(this.options.goodbyeText(admission.refuse, 0));
        webSocket.close(admission.refuse, admission.reason);
        return;
      }
      const connection = new Connection<Data>(this.options.ids.uuid(), admission.data, webSocket, socket);
      webSocket.refilledAt = this.options.clock.now();
      webSocket.tokens = this.options.framesPerSecond * 2;
      webSocket.on("message", (data, isBinary) => this.message(webSocket, connection, data, isBinary));
      webSocket.on("pong", () => {
        connection.awaitingPong = false;
      });
      webSocket.on("error", () => webSocket.terminate());
      webSocket.on("close", () => this.gone(connection));
      this.connections.set(connection.id, connection);
      this.hub.add(connection);
      this.slots[(this.slot + this.connections.size) % this.slots.length]?.add(connection);
      this.handler.opened(connection);
    });
  }

  private message(webSocket: ServerSocket, connection: Connection<Data>, data: RawData, isBinary: boolean): void {
    if (connection.closed) return;
    connection.awaitingPong = false;
    if (isBinary) {
      this.close(connection.id, 1003, "text frames only");
      return;
    }
    this.spend(webSocket);
    webSocket.waiting += 1;
    if (webSocket.waiting >= waitingFrames) webSocket.pause();
    const text = data.toString();
    webSocket.tail = webSocket.tail
      .then(() => (connection.closed ? undefined : this.handler.received(connection, text)))
      .then(() => {
        webSocket.waiting -= 1;
        if (webSocket.waiting === waitingFrames / 2) this.read(webSocket);
      });
  }

  /**
   * Takes a token for a frame. Without one, reading stops until there is one again: TCP holds the sender back. Frames
   * that were read together with this one are still handled, and paid for by a longer rest.
   */
  private spend(webSocket: ServerSocket): void {
    const { framesPerSecond, clock } = this.options;
    if (framesPerSecond === 0) return;
    const now = clock.now();
    const refill = ((now - webSocket.refilledAt) / 1000) * framesPerSecond;
    webSocket.tokens = Math.min(framesPerSecond * 2, webSocket.tokens + refill) - 1;
    webSocket.refilledAt = now;
    if (webSocket.tokens >= 0 || webSocket.resting) return;
    webSocket.resting = true;
    webSocket.pause();
    const restMs = (-webSocket.tokens / framesPerSecond) * 1000;
    setTimeout(() => {
      webSocket.resting = false;
      this.read(webSocket);
    }, restMs).unref();
  }

  /** Goes on reading, unless there is still a reason not to. */
  private read(webSocket: ServerSocket): void {
    if (!webSocket.resting && webSocket.waiting < waitingFrames) webSocket.resume();
  }

  private gone(connection: Connection<Data>): void {
    this.hub.remove(connection);
    if (!this.connections.delete(connection.id)) return;
    for (const slot of this.slots) if (slot.delete(connection)) break;
    this.handler.closed(connection);
  }

  private heartbeat(): void {
    const { length } = this.slots;
    this.slot = (this.slot + 1) % length;
    const overdue = this.slots[(this.slot - this.options.pongSeconds + length) % length] ?? [];
    for (const connection of overdue) if (connection.awaitingPong) connection.webSocket.terminate();
    for (const connection of this.slots[this.slot] ?? []) {
      connection.awaitingPong = true;
      if (!connection.closed) connection.socket.write(pingFrame);
      this.handler.beat(connection);
    }
  }

  /** Says goodbye, then closes. The peer has 5 s to answer the close before the socket is cut. */
  close(connectionId: string, code: number, reason: string, afterMs = 0): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined || connection.closed) return;
    if (code >= 4000 && connection.backlog === 0) this.hub.send(connectionId, this.options.goodbyeText(code, afterMs));
    this.hub.flush();
    connection.closed = true;
    connection.webSocket.close(code, reason);
    setTimeout(() => connection.webSocket.terminate(), 5000).unref();
  }

  /** Visits every open connection. */
  each(visit: (connection: Connection<Data>) => void): void {
    for (const connection of this.connections.values()) visit(connection);
  }

  get size(): number {
    return this.connections.size;
  }

  /**
   * Stops taking connections and sends everybody away with a different delay, so that they do not all come back in
   * the same moment. Resolves when all are gone, or after `graceMs`.
   */
  async drain(graceMs = 2000): Promise<void> {
    this.draining = true;
    if (this.timer !== null) clearInterval(this.timer);
    const spreadMs = Math.min(30_000, 500 + this.connections.size * 2);
    for (const id of [...this.connections.keys()]) {
      this.close(id, closeCodes.serverRestarting, "restarting", Math.round(this.options.ids.fraction() * spreadMs));
    }
    const deadline = this.options.clock.now() + graceMs;
    while (this.connections.size > 0 && this.options.clock.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const connection of this.connections.values()) connection.webSocket.terminate();
  }
}
