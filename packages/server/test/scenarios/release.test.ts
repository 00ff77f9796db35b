import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callEndpoint, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess } from "../support/server.process.ts";
import { openWire } from "../support/wire.ts";

const run = promisify(execFile);
const repository = join(import.meta.dirname, "../../../..");

let folder: string;
let release: string;
let server: ServerProcess;

beforeAll(async () => {
  // Far from the repository, so that nothing of it can be found by walking upwards.
  folder = mkdtempSync(join(tmpdir(), "foyer-release-"));
  await run(process.execPath, [join(repository, "scripts/build.ts"), join(folder, "built")], { cwd: repository });
  release = join(folder, "elsewhere", "foyer");
  mkdirSync(join(folder, "elsewhere"));
  cpSync(join(folder, "built"), release, { recursive: true });
  rmSync(join(folder, "built"), { recursive: true });
  server = await startServerProcess({ command: [join(release, "foyer.mjs"), "start"], cwd: release });
}, 120_000);

afterAll(async () => {
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test("a release is one file with the pages beside it, and needs no packages", () => {
  expect(readdirSync(release).sort()).toEqual(
    ["CHANGELOG.md", "LICENSE", "README.md", "docs", "foyer.mjs", "package.json", "sbom.cdx.json", "web"].sort(),
  );
  expect(readFileSync(join(release, "foyer.mjs"), "utf8")).not.toContain(repository);
});

test("it says which libraries are inside, with their hashes, and which are not", () => {
  const { components } = JSON.parse(readFileSync(join(release, "sbom.cdx.json"), "utf8")) as {
    components: { name: string; version: string; hashes?: { alg: string; content: string }[] }[];
  };
  const named = (name: string) => components.find((each) => each.name === name);
  for (const name of ["ws", "hono", "kysely", "pg", "jose", "react", "@aws-crypto/client-node"]) {
    expect([name, named(name)?.hashes?.[0]]).toMatchObject([name, { alg: "SHA-512" }]);
  }
  expect(named("vitest")).toBeUndefined();
});

test("its server serves pages and documentation, keeps accounts and delivers messages", async () => {
  for (const [path, text] of [
    ["/", '<div id="root"'],
    ["/api/docs", "swagger-ui"],
    ["/api/docs/swagger-ui.css", ".swagger-ui"],
    ["/api/openapi.json", '"3.1'],
  ] as const) {
    const answer = await fetch(`${server.origin}${path}`);
    expect(answer.status, path).toBe(200);
    expect(await answer.text(), path).toContain(text);
  }
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await (await fetch(server.origin)).text())?.[1];
  expect((await fetch(`${server.origin}${script}`)).headers.get("content-type")).toContain("javascript");

  const person = await registerPerson(server.origin, "ada");
  const wire = await openWire(server.origin, { token: person.token });
  const { offset } = await wire.ask("sendMessage", { roomId: "general", message: "from a release" });
  expect((await wire.find("message", (frame) => frame.offset === offset)).message.message).toBe("from a release");
  await wire.close();
  expect(await callEndpoint(server.origin, "search", { token: person.token, query: "?q=release" })).toMatchObject({
    body: { items: [{ message: { message: "from a release" } }] },
  });
});

test("its command line works beside the running server", async () => {
  const foyer = (...args: string[]): Promise<{ stdout: string }> =>
    run(process.execPath, [join(release, "foyer.mjs"), ...args], {
      env: { PATH: process.env.PATH ?? "", DATA_DIR: server.dataDir, PORT: new URL(server.origin).port },
    });
  expect((await foyer("doctor")).stdout).toContain("in use by a running server");
  const copy = join(folder, "copy.db");
  await foyer("backup", copy);
  expect(readFileSync(copy).subarray(0, 15).toString()).toBe("SQLite format 3");
  expect(await server.stop()).toBe(0);
});
