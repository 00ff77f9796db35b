import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { closeCodes, mayReconnect, type ServerFrame } from "@foyer/protocol";
import type { Logger } from "pino";
import { type Chat, type ConnectionData, roomOfTopic, type SocketFace } from "../modules/chat/index.ts";
import type { Identity } from "../modules/identity/index.ts";
import type { Clock, Ids } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { AppError } from "../platform/errors/app.error.ts";
import type { SecurityMonitor } from "../platform/security/security.monitor.ts";
import { type Http, readBearer } from "../transports/http/index.ts";
import { readCredentials } from "../transports/websocket/socket.credentials.ts";
import { SocketServer } from "../transports/websocket/socket.server.ts";
import type { Service } from "./lifecycle.ts";
import { toldLimits } from "./module.config.ts";

const heartbeatSeconds = 25;

export interface SocketsDeps {
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Logger;
  security: SecurityMonitor;
  identity: Identity;
  chat: Chat;
  http: Http;
}

/** What the socket transport gives to the rest of the server. */
export interface Sockets {
  service: Service;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** To be called about once a second. */
  tick(): void;
}

/** Joins the socket transport with the chat protocol: who is admitted, where frames go, how it ends. */
export function openSockets({ config, clock, ids, log, security, identity, chat, http }: SocketsDeps): Sockets {
  const { limits } = config;

  function admit(request: IncomingMessage) {
    const peer = request.socket.remoteAddress ?? "0.0.0.0";
    const forwarded = [request.headers["x-forwarded-for"]].flat().join(",");
    const address = http.clientAddress(peer, forwarded === "" ? undefined : forwarded);
    try {
      const credentials = readCredentials(request, {
        readBearer,
        readCookie: (header) => http.cookie.read(header),
        allowsOrigin: (origin) => http.origins.allows(origin),
      });
      return face.admit(credentials, identity.hashAddress(address));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      security.refused(error.code, { route: "/ws" });
      return Promise.resolve({ refuse: closeCodes.notSignedIn, reason: error.code });
    }
  }

  const server: SocketServer<ConnectionData> = new SocketServer<ConnectionData>(
    {
      // The library takes 0 for unlimited, too.
      frameBytes: limits.frameBytes,
      queueBytes: limits.queueBytes === 0 ? Number.MAX_SAFE_INTEGER : limits.queueBytes,
      framesPerSecond: limits.framesPerSecond,
      heartbeatSeconds,
      pongSeconds: 10,
      drainMs: 30_000,
      resyncText(topic) {
        const roomId = roomOfTopic(topic);
        return roomId === undefined ? undefined : frameText({ type: "resync", roomId });
      },
      goodbyeText: (code, afterMs) => frameText({ type: "goodbye", code, reconnect: mayReconnect(code), afterMs }),
      clock,
      ids,
    },
    {
      admit,
      opened: (connection) => face.socket.opened(connection),
      received: (connection, text) => face.socket.received(connection, text),
      closed: (connection) => face.socket.closed(connection),
      beat: (connection) => face.socket.beat(connection),
    },
  );
  const { hub } = server;

  const face: SocketFace = chat.connect({
    gateway: {
      send: (id, text) => hub.send(id, text),
      hold: (id, topic) => hub.hold(id, topic),
      release: (id, topic, text) => hub.release(id, topic, text),
      join: (id, topic) => hub.join(id, topic),
      leave: (id, topic) => hub.leave(id, topic),
      publish: (topic, text, ephemeral) => hub.publish(topic, text, ephemeral),
      close: (id, code, reason, afterMs) => server.close(id, code, reason, afterMs),
      each: (visit) => server.each(visit),
    },
    authenticate: (credentials, addressHash) => identity.authenticate(credentials, addressHash),
    used: (caller) => identity.used(caller),
    refused: (code, facts) => security.refused(code, { route: "/ws", ...facts }),
    limits,
    told: toldLimits(config),
    heartbeatSeconds,
  });

  return {
    upgrade: (request, socket, head) => server.upgrade(request, socket, head),
    tick: () => face.socket.tick(),
    service: {
      name: "sockets",
      start: () => server.start(),
      async drain() {
        log.debug({ active: server.size }, "sending connections away");
        // What was said before the end is committed and acknowledged before anybody is sent away.
        await chat.flushed();
        await server.drain();
      },
      stop: () => face.close(),
    },
  };
}

function frameText(frame: ServerFrame): string {
  return JSON.stringify(frame);
}
