import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import type { Config } from "../platform/config/config.ts";
import { OperatorError } from "../platform/errors/operator.error.ts";
import { createNodeServer, type Http } from "../transports/http/index.ts";
import type { Service } from "./lifecycle.ts";

/** Milliseconds for requests that are under way when the server is told to stop. */
const requestGraceMs = 3000;

/** What the listener needs. `upgrade` takes over sockets at `/ws`. */
export interface ListenerDeps {
  config: Config;
  http: Http;
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  log: Logger;
}

/** The open port: the last service to start, and the first to end. */
export function openListener({ config, http, upgrade, log }: ListenerDeps): {
  service: Service;
  address(): { url: string; port: number };
} {
  const server = createNodeServer(http, { log });
  if (upgrade !== undefined) server.onUpgrade("/ws", upgrade);
  let port = config.port;
  let closed: Promise<void> | undefined;
  return {
    service: {
      name: "http",
      async start() {
        const address: AddressInfo = await server.listen(config.port, config.host).catch((error: unknown) => {
          throw cannotListen(config, error);
        });
        port = address.port;
      },
      // Not awaited here: the port is closed when the sockets are gone, and those say goodbye next.
      drain() {
        closed = server.close(requestGraceMs);
      },
      stop: () => closed,
    },
    address() {
      const url = new URL(config.publicUrl);
      if (url.port === "0") url.port = String(port);
      return { url: url.origin, port };
    },
  };
}

function cannotListen({ port, host }: Config, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return new OperatorError(`Port ${port} on ${host} is in use by another program: set PORT to a free one.`);
  if (code === "EACCES")
    return new OperatorError(`Port ${port} may not be opened by this user: set PORT to 1024 or more.`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new OperatorError(`HOST ${host} is no address of this machine: use 127.0.0.1 or 0.0.0.0.`);
  return error;
}
