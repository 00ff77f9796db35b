import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { AppError } from "../../platform/errors/app.error.ts";
import type { Http } from "./http.ts";
import { problemResponse, toProblem } from "./pipeline/problem.ts";

/** Takes over a connection that asks to become a socket. Must write an answer or destroy `socket`. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface NodeServer {
  readonly server: Server;
  /** Hands upgrades at `path` (exact, without its query) to `handler`. Upgrades elsewhere are answered by 404. */
  onUpgrade(path: string, handler: UpgradeHandler): void;
  /** Listens; port 0 takes any free one. Rejects when the address is taken. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Takes no more connections, lets requests finish for `graceMs` at most, then closes what is left. */
  close(graceMs: number): Promise<void>;
}

/** `http` on Node's own server, with bounds on everything that a slow or hostile client could hold. */
export function createNodeServer(http: Pick<Http, "fetch" | "origins">, options: { log: Logger }): NodeServer {
  const upgrades = new Map<string, UpgradeHandler>();
  const listener = getRequestListener(
    (request, { incoming }) => http.fetch(request, { address: incoming.socket.remoteAddress ?? "0.0.0.0" }),
    {
      overrideGlobalObjects: false,
      // What cannot even become a request: a broken address or `Host`.
      errorHandler: () => problemResponse(toProblem(new AppError("request.malformed", "This is not a valid request."))),
    },
  );
  const server = createServer(
    {
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 2_000,
    },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );

  server.on("upgrade", (request, socket, head) => {
    socket.on("error", (error) => options.log.debug({ err: error }, "A connection broke while it was upgraded"));
    const handler = upgrades.get((request.url ?? "").split("?")[0] ?? "");
    if (handler !== undefined) return handler(request, socket, head);
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
    const status =
      { HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large", ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout" }[
        error.code ?? ""
      ] ?? "400 Bad Request";
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });

  return {
    server,
    onUpgrade: (path, handler) => void upgrades.set(path, handler),
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          const address = server.address() as AddressInfo;
          http.origins.listening(address.port);
          resolve(address);
        });
      }),
    close: (graceMs) =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
