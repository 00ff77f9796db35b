import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../../../../test/support/engines.ts";
import { testHttp } from "../../../../test/support/http.ts";
import { silentLogger } from "../../../platform/logs/logger.ts";
import { createNodeServer } from "../node.server.ts";

const folder = temporaryFolder();
const root = join(folder, "dist");
const http = testHttp({ webRoot: root });
const node = createNodeServer(http, { log: silentLogger() });
let port = 0;

beforeAll(async () => {
  mkdirSync(join(root, "assets"), { recursive: true });
  mkdirSync(join(root, ".git"));
  writeFileSync(join(root, "index.html"), "<title>app</title>");
  writeFileSync(join(root, "robots.txt"), "plain");
  writeFileSync(join(root, ".env"), "SECRET");
  writeFileSync(join(root, ".git", "config"), "SECRET");
  writeFileSync(join(folder, "secret.txt"), "SECRET");
  writeFileSync(join(folder, "dist-secret.txt"), "SECRET");
  symlinkSync(join(folder, "secret.txt"), join(root, "link.txt"));
  const script = "console.log(1)";
  writeFileSync(join(root, "assets", "main-Bx3_kL9a.js"), script);
  writeFileSync(join(root, "assets", "main-Bx3_kL9a.js.br"), brotliCompressSync(script));
  writeFileSync(join(root, "assets", "main-Bx3_kL9a.js.gz"), gzipSync(script));
  ({ port } = await node.listen(0, "127.0.0.1"));
});
afterAll(() => node.close(100));

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  http.fetch(new Request(`http://localhost:3000${path}`, { headers, method }));

/** Sends a target as it is, past every tidying that `fetch` would do. */
function raw(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n`);
    });
    let text = "";
    socket.setEncoding("latin1").on("data", (part: string) => {
      text += part;
    });
    socket.on("end", () => resolve(text)).on("error", reject);
  });
}

test("hashed assets stay for a year, compressed as the browser can; the page is asked for each time", async () => {
  const asset = await get("/assets/main-Bx3_kL9a.js", { "accept-encoding": "gzip, deflate, br" });
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(asset.headers.get("content-encoding")).toBe("br");
  expect(asset.headers.get("content-type")).toContain("text/javascript");
  expect(asset.headers.get("vary")).toContain("Accept-Encoding");
  expect(
    (await get("/assets/main-Bx3_kL9a.js", { "accept-encoding": "gzip, br;q=0" })).headers.get("content-encoding"),
  ).toBe("gzip");
  const plain = await get("/assets/main-Bx3_kL9a.js");
  expect([plain.headers.get("content-encoding"), await plain.text()]).toEqual([null, "console.log(1)"]);

  const page = await get("/");
  expect([page.status, page.headers.get("cache-control"), await page.text()]).toEqual([
    200,
    "no-cache",
    "<title>app</title>",
  ]);
  const again = await get("/", { "if-none-match": page.headers.get("etag") ?? "" });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  const head = await get("/robots.txt", {}, "HEAD");
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "5", ""]);
});

test("addresses of pages get the page; missing files and addresses of programs do not", async () => {
  for (const path of ["/rooms/general", "/rooms/general/m/0192", "/invite/abc", "/a.b"]) {
    expect(await (await get(path, { accept: "text/html,*/*" })).text()).toBe("<title>app</title>");
  }
  for (const path of ["/rooms/general", "/missing.js"]) expect((await get(path, { accept: "*/*" })).status).toBe(404);
  for (const path of ["/assets/missing-12345678.js", "/api/x", "/ws"])
    expect((await get(path, { accept: "text/html" })).status).toBe(404);
});

test("no path leads out of the build or to hidden files, however it is written", async () => {
  const ways = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/%252e%252e%252fsecret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/....//secret.txt",
    "/%2fetc/passwd",
    "//etc/passwd",
    "/etc/passwd%00.html",
    "/index.html%00.txt",
    "/.env",
    "/%2eenv",
    "/.git/config",
    "/assets/../.env",
    "/link.txt",
    "/../dist-secret.txt",
    "/..%c0%afsecret.txt",
    "/%",
    "/%ff",
    "/c:/windows/win.ini",
    "/assets",
    "/assets/",
    "/./.env",
    "/;/../secret.txt",
    `/${"../".repeat(20)}etc/passwd`,
    "http://localhost/../secret.txt",
  ];
  for (const way of ways) {
    const answer = await raw(way);
    expect([way, /SECRET|root:/.test(answer)]).toEqual([way, false]);
    expect([way, /^HTTP\/1\.1 (200|400|404) /.test(answer)]).toEqual([way, true]);
    // What is answered well at all is the page of the app.
    if (answer.startsWith("HTTP/1.1 200"))
      expect([way, answer]).toEqual([way, expect.stringContaining("<title>app</title>")]);
  }
});

test("without a build, the page says how to make one", async () => {
  const none = testHttp({ webRoot: join(folder, "nothing") });
  const page = await none.fetch(
    new Request("http://localhost:3000/rooms/general", { headers: { accept: "text/html" } }),
  );
  expect([page.status, page.headers.get("retry-after")]).toEqual([503, "10"]);
  expect(await page.text()).toContain("npm run build");
});
