import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { runFoyer } from "../support/command.ts";
import { temporaryFolder } from "../support/engines.ts";
import { callEndpoint, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../support/server.process.ts";
import { openWire } from "../support/wire.ts";

const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.dispose();
});

async function startServer(env: Record<string, string> = withoutLimits): Promise<ServerProcess> {
  const server = await startServerProcess({ env });
  running.push(server);
  return server;
}

test("a wrong setting stops the start with one line and exit code 1, and touches nothing", async () => {
  const folder = temporaryFolder();
  const { code, stdout, stderr } = await runFoyer(["start"], { DATA_DIR: `${folder}/data`, PORT: "eighty" });
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toBe('foyer: PORT must be a port from 0 to 65535 (0: any free one); "eighty" is not.\n');
});

test("a wrong use of the command line ends with exit code 2", async () => {
  expect((await runFoyer(["dance"], {})).code).toBe(2);
  expect((await runFoyer(["backup"], {})).code).toBe(2);
  expect((await runFoyer(["account", "create", "ada", "--role", "king"], {})).code).toBe(2);
  expect((await runFoyer(["--help"], {})).code).toBe(0);
});

test("SIGTERM: acknowledged messages stay, everybody is told to come back, and the end comes within 10 s", async () => {
  const server = await startServer();
  const ada = await registerPerson(server.origin, "ada");
  const wire = await openWire(server.origin, { token: ada.token });
  await wire.ask("subscribe", { roomId: "general" });
  // This one never answers anything, not even the close.
  const deaf = await openWire(server.origin, { token: ada.token });
  deaf.socket.pause();

  const acknowledged: string[] = [];
  const sends = Array.from({ length: 200 }, (_, index) =>
    wire.ask("sendMessage", { roomId: "general", message: `m${index}` }).then(
      ({ messageId }) => acknowledged.push(messageId),
      () => undefined,
    ),
  );
  await wait(20);
  const began = performance.now();
  const ended = server.stop();
  await Promise.all(sends);
  expect(await wire.closed).toMatchObject({ code: 4002 });
  expect(wire.frames.findLast((frame) => frame.type === "goodbye")).toMatchObject({ code: 4002, reconnect: true });
  expect(await ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
  deaf.socket.terminate();

  await server.start();
  const stored = new Set<string>();
  for (let after = 0; ; ) {
    const { body } = await callEndpoint(server.origin, "listMessages", {
      token: ada.token,
      path: ["general"],
      query: `?limit=100&after=${after}`,
    });
    const { messages } = body as { messages: { messageId: string; offset: number }[] };
    for (const { messageId } of messages) stored.add(messageId);
    const last = messages.at(-1);
    if (last === undefined) break;
    after = last.offset;
  }
  expect(acknowledged.filter((messageId) => !stored.has(messageId))).toEqual([]);
});

test("a second signal ends the server at once", async () => {
  const server = await startServer();
  const ada = await registerPerson(server.origin, "ada");
  const deaf = await openWire(server.origin, { token: ada.token });
  deaf.socket.pause();
  const began = performance.now();
  const first = server.stop();
  await wait(200);
  const second = server.stop();
  expect(await second).toBe(143);
  expect(await first).toBe(143);
  expect(performance.now() - began).toBeLessThan(1500);
  deaf.socket.terminate();
});

test("a second server on the same data folder refuses, and after a crash the next one starts", async () => {
  const server = await startServer();
  const again = await runFoyer(["start"], { DATA_DIR: server.dataDir, PORT: "0" });
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toMatch(/^foyer: Another Foyer server is running on the data folder .*\n$/);
  expect((await callEndpoint(server.origin, "health")).status).toBe(200);
  await server.kill();
  await server.start();
  expect((await callEndpoint(server.origin, "health")).status).toBe(200);
});

test("a port that is taken stops the start with one line, and leaves the data folder free", async () => {
  const folder = temporaryFolder();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const { code, stderr } = await runFoyer(["start"], { DATA_DIR: folder, PORT: String(port), LOG_LEVEL: "warn" });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `foyer: Port ${port} on 127.0.0.1 is in use by another program: set PORT to a free one.\n`,
  });
  taken.close();
});
