import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MessagePage } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { failure, runFoyer } from "../support/command.ts";
import { temporaryFolder } from "../support/engines.ts";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../support/server.process.ts";
import { openWire } from "../support/wire.ts";

const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.dispose();
});

async function startServer(): Promise<ServerProcess> {
  const server = await startServerProcess({ env: withoutLimits });
  running.push(server);
  return server;
}

async function newest(server: ServerProcess, { token }: Person): Promise<MessagePage["messages"]> {
  const { body } = await callEndpoint(server.origin, "listMessages", { token, path: ["general"], query: "?limit=100" });
  return (body as MessagePage).messages;
}

test("a backup made while people write is whole, and restored gives the same data under new epochs", async () => {
  const server = await startServer();
  const ada = await registerPerson(server.origin, "ada");
  const wire = await openWire(server.origin, { token: ada.token });
  const before = await wire.ask("subscribe", { roomId: "general" });

  const sent: number[] = [];
  let stopped = false;
  const writing = (async () => {
    for (let index = 0; !stopped; index += 1) {
      const { offset } = await wire.ask("sendMessage", { roomId: "general", message: `m${index}` });
      sent.push(offset);
    }
  })();
  while (sent.length < 30) await new Promise((resolve) => setTimeout(resolve, 5));
  const sentBefore = sent.length;
  const file = join(temporaryFolder(), "foyer.backup");
  const made = await runFoyer(["backup", file], { DATA_DIR: server.dataDir });
  const sentAfter = sent.length;
  stopped = true;
  await writing;
  await wire.close();

  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(made.stdout).toContain("It holds the signing key too");
  expect(sentAfter).toBeGreaterThan(sentBefore);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(file, ".."))).toEqual(["foyer.backup"]);

  // Not while the server runs.
  const refused = await runFoyer(["restore", file], { DATA_DIR: server.dataDir });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^foyer: Another Foyer server is running on the data folder/);

  const key = readFileSync(join(server.dataDir, "jwt.secret"), "utf8");
  await server.stop();
  writeFileSync(join(server.dataDir, "jwt.secret"), `${"another key ".repeat(4)}\n`);
  const restored = await runFoyer(["restore", file], { DATA_DIR: server.dataDir });
  expect(restored).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(join(server.dataDir, "jwt.secret"), "utf8")).toBe(key);
  expect(readdirSync(server.dataDir).filter((name) => name.includes(".before-"))).toHaveLength(2);

  await server.start();
  // The session of before the backup is known again: data and key belong together.
  const messages = await newest(server, ada);
  const head = messages.at(-1)?.offset ?? 0;
  expect(head).toBeGreaterThanOrEqual(sentBefore);
  expect(head).toBeLessThanOrEqual(sent.length);
  const offsets = messages.map((message) => message.offset);
  expect(offsets).toEqual(Array.from({ length: offsets.length }, (_, index) => head - offsets.length + 1 + index));

  const resumed = await openWire(server.origin, { token: ada.token });
  const now = await resumed.ask("subscribe", { roomId: "general", since: { epoch: before.epoch, offset: head } });
  expect(now.epoch).not.toBe(before.epoch);
  expect(now.recovered).toBe(false);
  await resumed.close();
});

test("restoring into an empty folder moves a server to another machine", async () => {
  const server = await startServer();
  const ada = await registerPerson(server.origin, "ada");
  await ada.call("sendMessage", ["general"], { message: "hello" });
  const file = join(temporaryFolder(), "foyer.backup");
  expect((await runFoyer(["backup", file], { DATA_DIR: server.dataDir })).code).toBe(0);

  const other = temporaryFolder();
  const restored = await runFoyer(["restore", file], { DATA_DIR: join(other, "data") });
  expect(restored).toMatchObject({ code: 0, stderr: "" });
  expect(restored.stdout).not.toContain("What was there before");
  const moved = await startServerProcess({ env: { ...withoutLimits, DATA_DIR: join(other, "data") } });
  running.push(moved);
  expect((await newest(moved, ada)).map((message) => message.message)).toEqual(["hello"]);
});

test("what is no sound backup is refused, and the data stays", async () => {
  const server = await startServer();
  const ada = await registerPerson(server.origin, "ada");
  await ada.call("sendMessage", ["general"], { message: "still here" });
  const folder = temporaryFolder();
  const file = join(folder, "foyer.backup");
  expect((await runFoyer(["backup", file], { DATA_DIR: server.dataDir })).code).toBe(0);
  const again = await runFoyer(["backup", file], { DATA_DIR: server.dataDir });
  expect(failure(again)).toContain("exists already");
  await server.stop();

  const whole = readFileSync(file);
  const bad: Record<string, Buffer> = {
    "text.backup": Buffer.from("not a database ".repeat(1000)),
    "cut.backup": whole.subarray(0, Math.floor(whole.length / 2)),
    "bare.backup": readFileSync(join(server.dataDir, "foyer.db")),
    "empty.backup": Buffer.alloc(0),
  };
  for (const [name, content] of Object.entries(bad)) {
    writeFileSync(join(folder, name), content);
    const { code, stderr } = await runFoyer(["restore", join(folder, name)], { DATA_DIR: server.dataDir });
    expect({ name, code }).toEqual({ name, code: 1 });
    expect(stderr).toMatch(/^foyer: .*nothing was changed\.\n$/);
  }
  expect(await runFoyer(["restore", join(folder, "missing")], { DATA_DIR: server.dataDir })).toMatchObject({ code: 1 });
  await server.start();
  expect((await newest(server, ada)).map((message) => message.message)).toEqual(["still here"]);
});

test("with Postgres, or without data, there is nothing to back up", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "data"));
  const none = await runFoyer(["backup", join(folder, "x")], { DATA_DIR: join(folder, "data") });
  expect(failure(none)).toContain("There is nothing to back up");
  const postgres = await runFoyer(["backup", join(folder, "x")], {
    DATABASE_URL: "postgres://localhost/foyer",
    DATA_DIR: folder,
  });
  expect(failure(postgres)).toContain("pg_dump");
  expect(existsSync(join(folder, "x"))).toBe(false);
});
