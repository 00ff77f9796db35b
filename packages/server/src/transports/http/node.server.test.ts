import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { testHttp } from "../../../test/support/http.ts";
import { silentLogger } from "../../platform/logs/logger.ts";
import { createNodeServer, type NodeServer } from "./index.ts";

const open: NodeServer[] = [];
afterEach(async () => {
  for (const node of open.splice(0)) await node.close(50);
});

async function start(over: Parameters<typeof testHttp>[0] = {}) {
  const http = testHttp(over);
  const node = createNodeServer(http, { log: silentLogger() });
  open.push(node);
  const { port } = await node.listen(0, "127.0.0.1");
  return { http, node, port, url: `http://127.0.0.1:${port}` };
}

/** Everything that comes back for bytes sent as they are. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("latin1").on("data", (part: string) => {
      answer += part;
    });
    socket.on("close", () => resolve(answer)).on("error", () => {});
  });
}

test("a chunked body that is too large is answered by 413, and the connection closed", async () => {
  const { http, port } = await start();
  http.face.mount("login", async () => Promise.reject(new Error("must not be reached")));
  const answer = await new Promise<{ status: number | undefined; body: string; connection: string | undefined }>(
    (resolve, reject) => {
      const request = httpRequest(
        {
          port,
          host: "127.0.0.1",
          method: "POST",
          path: "/api/auth/login",
          headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
        },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (part) => {
            body += part;
          });
          response.on("end", () =>
            resolve({ status: response.statusCode, body, connection: response.headers.connection }),
          );
        },
      );
      request.on("error", reject);
      for (let at = 0; at < 40; at++) request.write(Buffer.alloc(4096, " "));
      request.end();
    },
  );
  expect([answer.status, JSON.parse(answer.body), answer.connection]).toMatchObject([
    413,
    { code: "request.too_large" },
    "close",
  ]);
});

test("broken requests are answered by a status and harm nobody", async () => {
  const { port, url } = await start();
  expect(await raw(port, "nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await raw(port, "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(port, "GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(port, "TRACE /api/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).toMatch(
    /^HTTP\/1\.1 4\d\d /,
  );
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
});

test("upgrades go to whoever asked for the path; others are refused", async () => {
  const { node, port } = await start();
  node.onUpgrade("/ws", (request, socket) => socket.end(`HTTP/1.1 101 Mine\r\n\r\n${request.url}`));
  const upgrade = (path: string) =>
    raw(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  expect(await upgrade("/ws?ticket=1")).toBe("HTTP/1.1 101 Mine\r\n\r\n/ws?ticket=1");
  expect(await upgrade("/other")).toMatch(/^HTTP\/1\.1 404 /);
});

test("a port that the system chose becomes part of the server's own origins", async () => {
  const { http, port } = await start({
    config: { publicUrl: "http://localhost:0", allowedOrigins: ["http://localhost:0"] },
  });
  expect(http.origins.allows(`http://localhost:${port}`)).toBe(true);
  expect(http.origins.allows(`http://127.0.0.1:${port}`)).toBe(true);
  expect(http.origins.allows("http://localhost:1")).toBe(false);
});

test("the peer of the socket reaches the handlers, the forwarded address only from a trusted proxy", async () => {
  const seen: string[] = [];
  for (const trustedProxies of [[], ["127.0.0.1"]]) {
    const { http, url } = await start({ config: { trustedProxies } });
    http.face.mount("logout", async ({ addressHash }) => void seen.push(addressHash));
    await fetch(`${url}/api/auth/logout`, { method: "POST", headers: { "x-forwarded-for": "203.0.113.9" } });
  }
  expect(seen).toEqual(["127.0.0.1", "203.0.113.9"]);
});
