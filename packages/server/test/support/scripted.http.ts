import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. `query` keeps repeated names. */
export interface ScriptedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

/** What is answered; `json` becomes the body. `hang`: nothing at all. */
export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  hang?: boolean;
}

/** A real HTTP server whose answers a test writes. */
export interface ScriptedHttp {
  url: string;
  /** Every request so far. */
  requests: ScriptedRequest[];
  /** Requests to one path. */
  to(path: string): ScriptedRequest[];
  close(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function scriptedHttp(answer: (request: ScriptedRequest) => ScriptedAnswer): Promise<ScriptedHttp> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const url = new URL(incoming.url ?? "/", "http://localhost");
      const request: ScriptedRequest = {
        method: incoming.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      requests.push(request);
      const { status = 200, headers = {}, json, hang } = answer(request);
      if (hang === true) return;
      outgoing.writeHead(status, { "content-type": "application/json", ...headers });
      outgoing.end(json === undefined ? "" : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    to: (path) => requests.filter((each) => each.path === path),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
