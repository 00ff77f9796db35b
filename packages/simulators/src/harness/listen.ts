import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";

/** A simulator that listens. `url` has no slash at its end. */
export interface Listening {
  url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Where a simulator listens: port 0 takes any free one. */
export interface ListenOptions {
  port?: number | undefined;
  host?: string | undefined;
}

/** What takes a socket that asks to become something else than HTTP. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Thrown by a simulator's handler to break the connection without an answer, as a network does. */
export class Disconnect extends Error {
  constructor() {
    super("the simulator breaks the connection");
    this.name = "Disconnect";
  }
}

/** Serves `fetch` on the loopback address, or where it is told. */
export async function listen(
  fetch: (request: Request) => Promise<Response> | Response,
  { port = 0, host = "127.0.0.1" }: ListenOptions = {},
  upgrade?: Upgrade,
): Promise<Listening> {
  const answer = getRequestListener(async (request, { incoming }) => {
    try {
      return await fetch(request);
    } catch (error) {
      if (!(error instanceof Disconnect)) throw error;
      (incoming as IncomingMessage).socket.destroy();
      return new Response(null, { status: 500 });
    }
  });
  const server: Server = createServer((request, response) => void answer(request, response));
  const upgraded = new Set<Socket>();
  if (upgrade !== undefined) {
    server.on("upgrade", (request, socket, head) => {
      upgraded.add(socket as Socket);
      socket.once("close", () => upgraded.delete(socket as Socket));
      upgrade(request, socket, head);
    });
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, 1024, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await closed;
    },
  };
}
