import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Profile } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { failure, runFoyer } from "../support/command.ts";
import { temporaryFolder, testPlace } from "../support/engines.ts";
import { callEndpoint, registerPerson } from "../support/people.ts";
import { freePort, type ServerProcess, startServerProcess } from "../support/server.process.ts";
import { openWire } from "../support/wire.ts";

const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.dispose();
});

test("doctor on a fresh machine finds nothing wrong and makes nothing", async () => {
  const folder = join(temporaryFolder(), "data");
  const { code, stdout } = await runFoyer(["doctor"], { DATA_DIR: folder, PORT: String(await freePort()) });
  expect(code).toBe(0);
  expect(stdout).toContain(`${folder} is made at the first start`);
  expect(stdout).toContain("Nothing is wrong.");
  expect(stdout).toMatch(/off .*METRICS_TOKEN/);
  expect(existsSync(folder)).toBe(false);
});

test("doctor names what is wrong and how to mend it", async () => {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  expect((await runFoyer(["migrate"], { DATA_DIR: data })).code).toBe(0);
  chmodSync(join(data, "jwt.secret"), 0o644);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const { code, stdout } = await runFoyer(["doctor"], {
    DATA_DIR: data,
    PORT: String(port),
    HOST: "127.0.0.1",
    PUBLIC_URL: "http://chat.example",
    TWITCH_CLIENT_ID: "a",
    TWITCH_CLIENT_SECRET: "hush",
    // A port that nobody listens at: the doctor asks the real one otherwise.
    TWITCH_ID_URL: `http://127.0.0.1:${await freePort()}`,
  });
  taken.close();
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`PROBLEM +port +${port} on 127.0.0.1 is in use by another program: set PORT`));
  expect(stdout).toMatch(/PROBLEM +secrets +others may read .*chmod 600/);
  expect(stdout).toMatch(/hint +public address +http:\/\/chat.example is not encrypted/);
  expect(stdout).toMatch(
    /ok +sign-in by Twitch +set up; at Twitch the redirect address must be http:\/\/chat\.example\/auth\/callback/,
  );
  expect(stdout).toMatch(/off +sign-in by Discord +set DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET/);
  expect(stdout).toMatch(/database .*schema up to date/);
  expect(stdout).not.toContain("hush");
  expect(stdout).toContain("2 to mend.");
});

test("doctor next to a running server, and with a Postgres that does not answer", async () => {
  const server = await startServerProcess();
  running.push(server);
  const port = new URL(server.origin).port;
  const beside = await runFoyer(["doctor"], { DATA_DIR: server.dataDir, PORT: port });
  expect(beside.stdout).toContain("in use by a running server");
  expect(beside.code).toBe(0);
  const away = await runFoyer(["doctor"], {
    DATA_DIR: temporaryFolder(),
    PORT: String(await freePort()),
    DATABASE_URL: `postgres://foyer:hush@127.0.0.1:${await freePort()}/foyer`,
  });
  expect(away.code).toBe(1);
  expect(away.stdout).toMatch(/PROBLEM +database +Postgres at 127\.0\.0\.1:\d+ cannot be opened/);
  expect(away.stdout + away.stderr).not.toContain("hush");
});

test("accounts are made and passwords reset on the command line, while the server runs", async () => {
  const server = await startServerProcess();
  running.push(server);
  const env = { DATA_DIR: server.dataDir };
  const made = await runFoyer(["account", "create", "Ada"], env, "correct horse battery\n");
  expect(made).toEqual({ code: 0, stderr: "", stdout: "Made the account ada (owner).\n" });
  const signIn = (password: string) => callEndpoint(server.origin, "login", { body: { login: "ada", password } });
  const first = await signIn("correct horse battery");
  expect(first.status).toBe(200);
  await registerPerson(server.origin, "grace");

  const moderator = await runFoyer(["account", "create", "joan", "--role", "moderator"], env, "correct horse battery");
  expect(moderator.stdout).toBe("Made the account joan (moderator).\n");
  // The running server hears of it, and takes the newcomer into the room that everybody is in.
  const { token } = first.body as { token: string };
  await expect
    .poll(
      async () => {
        const { body } = await callEndpoint(server.origin, "listMembers", { token, path: ["general"] });
        return (body as { members: Profile[] }).members.map(({ handle }) => handle);
      },
      { timeout: 10_000 },
    )
    .toContain("joan");

  const twice = await runFoyer(["account", "create", "joan"], env, "correct horse battery");
  expect(failure(twice)).toContain("taken");
  const short = await runFoyer(["account", "create", "linus"], env, "short");
  expect(failure(short)).toContain("8 characters");
  const none = await runFoyer(["account", "create", "linus"], env);
  expect(failure(none)).toBe("No password was given on standard input.");

  const wire = await openWire(server.origin, { token });
  expect((await runFoyer(["account", "reset-password", "ada"], env, "a new long password")).code).toBe(0);
  expect(await wire.closed).toMatchObject({ code: 4101 });
  expect((await signIn("correct horse battery")).status).toBe(401);
  expect((await signIn("a new long password")).status).toBe(200);
  const unknown = await runFoyer(["account", "reset-password", "nobody"], env, "a new long password");
  expect(failure(unknown)).toContain("account");
});

test("on Postgres a second server refuses while the first runs", async () => {
  const place = await testPlace("postgres");
  try {
    const env = { DATABASE_URL: place.url };
    const server = await startServerProcess({ env });
    running.push(server);
    const again = await runFoyer(["start"], { ...env, DATA_DIR: join(temporaryFolder(), "data"), PORT: "0" });
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^foyer: Another Foyer server is using this Postgres database.*\n$/);
    await server.kill();
    await server.start();
    await server.stop();
  } finally {
    await place.drop();
  }
});

test("after pg_restore every room gets a new epoch, but not while the server runs", async () => {
  const place = await testPlace("postgres");
  try {
    const server = await startServerProcess({ env: { DATABASE_URL: place.url } });
    running.push(server);
    const env = { DATABASE_URL: place.url, DATA_DIR: server.dataDir };
    const { token } = await registerPerson(server.origin, "ada");
    const epoch = async () => {
      const wire = await openWire(server.origin, { token });
      const answer = await wire.ask("subscribe", { roomId: "general" });
      await wire.close();
      return answer.epoch;
    };
    const before = await epoch();
    expect(failure(await runFoyer(["migrate", "--restored"], env))).toContain("Another Foyer server is running");
    await server.stop();
    const { code, stdout } = await runFoyer(["migrate", "--restored"], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Every room has a new epoch.\nThe database is up to date.\n" });
    await server.start();
    expect(await epoch()).not.toBe(before);
    await server.stop();
  } finally {
    await place.drop();
  }
});

test("a data folder that cannot be made is one line", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "data"));
  const { code, stderr } = await runFoyer(["migrate"], { DATA_DIR: "/dev/null/foyer" });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^foyer: DATA_DIR .*cannot be made.*\n$/);
});
