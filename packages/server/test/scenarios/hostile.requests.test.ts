import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Invite, mayReconnect, type Problem, type RoomView } from "@foyer/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../support/server.process.ts";
import { openWire } from "../support/wire.ts";

const evil = "https://evil.example";

let server: ServerProcess;
let owner: Person;
let outsider: Person;
let secretRoom: RoomView;
let secretMessage: string;

beforeAll(async () => {
  server = await startServerProcess({ env: withoutLimits });
  owner = await registerPerson(server.origin, "owner");
  outsider = await registerPerson(server.origin, "outsider");
  secretRoom = (await owner.call("createRoom", [], { kind: "private", name: "Secret plans" })).body;
  const sent = await owner.call("sendMessage", [secretRoom.roomId], { message: "the xylophone is in the cellar" });
  secretMessage = (sent.body as { messageId: string }).messageId;
});
afterAll(() => server.dispose());

describe("rooms of other people", () => {
  const nowhere = "0192aaaa-0000-7000-8000-00000000dead";

  test("answer over HTTP exactly as rooms that do not exist", async () => {
    const calls = [
      (roomId: string) => outsider.call("getRoom", [roomId]),
      (roomId: string) => outsider.call("listMessages", [roomId]),
      (roomId: string) => outsider.call("getMessage", [roomId, secretMessage]),
      (roomId: string) => outsider.call("sendMessage", [roomId], { message: "let me in" }),
      (roomId: string) => outsider.call("editMessage", [roomId, secretMessage], { message: "changed" }),
      (roomId: string) => outsider.call("deleteMessage", [roomId, secretMessage]),
      (roomId: string) => outsider.call("pinMessage", [roomId, secretMessage], { on: true }),
      (roomId: string) => outsider.call("listPins", [roomId]),
      (roomId: string) => outsider.call("listMembers", [roomId]),
      (roomId: string) => outsider.call("listInvites", [roomId]),
      (roomId: string) => outsider.call("createInvite", [roomId], {}),
      (roomId: string) => outsider.call("joinRoom", [roomId]),
      (roomId: string) => outsider.call("updateRoom", [roomId], { topic: "mine" }),
      (roomId: string) => outsider.call("deleteRoom", [roomId]),
      (roomId: string) => outsider.call("listBans", [roomId]),
      (roomId: string) => outsider.call("reportMessage", [roomId, secretMessage], { reason: "curious" }),
      (roomId: string) => outsider.call("markRoomRead", [roomId], { offset: 1 }),
    ];
    for (const call of calls) {
      const there = await call(secretRoom.roomId);
      const notThere = await call(nowhere);
      expect(there.status, call.toString()).toBe(404);
      expect(there, call.toString()).toEqual(notThere);
    }
  });

  test("answer over the socket exactly as rooms that do not exist", async () => {
    const wire = await openWire(server.origin, { token: outsider.token });
    const messageId = secretMessage;
    for (const [action, fields] of [
      ["subscribe", {}],
      ["sendMessage", { message: "let me in" }],
      ["history", {}],
      ["markRead", { offset: 1 }],
      ["editMessage", { messageId, message: "changed" }],
      ["deleteMessage", { messageId }],
      ["react", { messageId, emoji: "👍", on: true }],
    ] as const) {
      const there = await wire.request(action, { roomId: secretRoom.roomId, ...fields });
      const notThere = await wire.request(action, { roomId: nowhere, ...fields });
      expect(there, action).toMatchObject({ ok: false, error: { code: "room.not_found" } });
      expect(there, action).toEqual(notThere);
    }
    await owner.call("sendMessage", [secretRoom.roomId], { message: "still among ourselves" });
    await wire.ask("ping", {});
    expect(wire.frames.some((frame) => frame.type === "message")).toBe(false);
    await wire.close();
  });

  test("do not leak through search, lists or invites", async () => {
    const found = await callEndpoint(server.origin, "search", { token: outsider.token, query: "?q=xylophone" });
    expect(found).toMatchObject({ status: 200, body: { items: [] } });
    const own = await callEndpoint(server.origin, "search", { token: owner.token, query: "?q=xylophone" });
    expect((own.body as { items: unknown[] }).items).toHaveLength(1);
    const rooms = (await outsider.call("listRooms")).body as { items: RoomView[] };
    expect(rooms.items.map((room) => room.name)).not.toContain("Secret plans");
    const guess = await outsider.call("getInvite", [randomBytes(24).toString("base64url")]);
    expect(guess).toMatchObject({ status: 404, body: { code: "invite.not_found" } });
    const invite = (await owner.call("createInvite", [secretRoom.roomId], { maxUses: 1 })).body as Invite;
    const preview = await outsider.call("getInvite", [invite.token ?? ""]);
    expect(preview).toMatchObject({ status: 200, body: { name: "Secret plans", joined: false } });
    expect(JSON.stringify(preview.body)).not.toContain("xylophone");
  });
});

describe("who is calling", () => {
  test("a token that was tampered with, or is signed by nobody, is nobody's", async () => {
    const [header = "", payload = "", signature = ""] = owner.token.split(".");
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    const otherPayload = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload, "base64url").toString()), sub: outsider.account.accountId }),
    ).toString("base64url");
    for (const token of [
      `${unsigned}.${payload}.`,
      `${unsigned}.${payload}.${signature}`,
      `${header}.${otherPayload}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}`,
      "garbage",
    ]) {
      const answer = await callEndpoint(server.origin, "listSessions", { token });
      expect(answer, token.slice(-40)).toMatchObject({ status: 401, body: { code: "auth.token_invalid" } });
      await expect(openWire(server.origin, { token }), token.slice(-40)).rejects.toThrow(/4101|401/);
    }
  });

  test("an expired session is told so, and an open socket of it is closed to come back", async () => {
    const brief = await startServerProcess({ env: { ...withoutLimits, SESSION_LIFETIME: "2s" } });
    try {
      const person = await registerPerson(brief.origin, "mayfly");
      const wire = await openWire(brief.origin, { token: person.token });
      await wait(2_500);
      expect(await callEndpoint(brief.origin, "listSessions", { token: person.token })).toMatchObject({
        status: 401,
        body: { code: "auth.token_expired" },
      });
      await expect(openWire(brief.origin, { token: person.token })).rejects.toThrow(/4101|4003|401/);
      const { code } = await wire.closed;
      expect(code).toBe(4003);
      expect(mayReconnect(code)).toBe(true);
    } finally {
      await brief.dispose();
    }
  }, 60_000);

  test("a ticket opens one socket, once", async () => {
    const { ticket } = (await owner.call("ticket")).body as { ticket: string };
    const wire = await openWire(server.origin, { ticket });
    expect(wire.hello.account?.handle).toBe("owner");
    await wire.close();
    await expect(openWire(server.origin, { ticket })).rejects.toThrow(/4101|401/);
  });

  test("a page of another origin cannot act with the visitor's cookie", async () => {
    const login = await fetch(`${server.origin}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ login: "owner", password: "correct horse battery" }),
    });
    const setCookie = login.headers.get("set-cookie") ?? "";
    expect(setCookie).toMatch(/HttpOnly/i);
    expect(setCookie).toMatch(/SameSite=Strict/i);
    const cookie = setCookie.split(";")[0] ?? "";
    const act = (origin: string | undefined): Promise<Response> =>
      fetch(`${server.origin}/api/rooms/general/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie, ...(origin === undefined ? {} : { origin }) },
        body: JSON.stringify({ message: "from a page" }),
      });
    for (const origin of [evil, "null", `${server.origin}.evil.example`, server.origin.replace("http:", "https:")]) {
      const refused = await act(origin);
      expect(refused.status, origin).toBe(403);
      expect(((await refused.json()) as Problem).code, origin).toBe("request.foreign_origin");
    }
    expect((await act(server.origin)).status).toBe(201);

    const own = await openWire(server.origin, { cookie, from: server.origin });
    expect(own.hello.account?.handle).toBe("owner");
    await own.close();
    const foreign = await openWire(server.origin, { cookie, from: evil }).catch((error: Error) => error);
    if (!(foreign instanceof Error)) {
      expect(foreign.hello.account).toBeNull();
      await foreign.close();
    }
  });
});

describe("sizes and shapes", () => {
  test("a frame that is too big ends its connection alone", async () => {
    const bystander = await openWire(server.origin, { token: owner.token });
    const wire = await openWire(server.origin, { token: outsider.token });
    wire.text(JSON.stringify({ action: "sendMessage", roomId: "general", message: "x".repeat(32_768) }));
    expect((await wire.closed).code).toBe(1009);
    await bystander.ask("ping", {});
    await bystander.close();
  });

  test("a message that is too long and a body that is too big are refused by name", async () => {
    const wire = await openWire(server.origin, { token: owner.token });
    const tooLong = await wire.request("sendMessage", { roomId: "general", message: "x".repeat(4_001) });
    expect(tooLong).toMatchObject({ ok: false, error: { code: "message.too_long" } });
    await wire.close();
    const body = { message: "x".repeat(70_000) };
    expect(await owner.call("sendMessage", ["general"], body)).toMatchObject({
      status: 413,
      body: { code: "request.too_large" },
    });
  });

  test("binary frames and text that is not UTF-8 are closed with a code", async () => {
    const binary = await openWire(server.origin, { token: owner.token });
    binary.socket.send(Buffer.from('{"action":"ping"}'), { binary: true });
    expect((await binary.closed).code).toBe(1003);

    const garbled = await openWire(server.origin, { token: owner.token });
    garbled.socket.send(Buffer.from([0x7b, 0xc3, 0x28, 0xff, 0x7d]), { binary: false });
    expect((await garbled.closed).code).toBe(1007);
  });

  test("a frame in fragments is one frame", async () => {
    const wire = await openWire(server.origin, { token: owner.token });
    const text = JSON.stringify({ action: "ping", requestId: "in pieces" });
    for (let at = 0; at < text.length; at += 5) {
      wire.socket.send(text.slice(at, at + 5), { fin: at + 5 >= text.length });
    }
    expect(await wire.find("reply", (frame) => frame.requestId === "in pieces")).toMatchObject({ ok: true });
    await wire.close();
  });

  test("bytes that are no WebSocket at all harm nobody", async () => {
    const wire = await openWire(server.origin, { token: owner.token });
    const raw = (wire.socket as unknown as { _socket: Socket })._socket;
    raw.write(randomBytes(512));
    await wire.closed;
    const again = await openWire(server.origin, { token: owner.token });
    await again.ask("ping", {});
    await again.close();
  });
});

describe("static files", () => {
  /** One request as it is typed, so that nothing tidies the path on the way. */
  function raw(path: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const { hostname, port } = new URL(server.origin);
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
    });
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.on("error", reject);
    return promise;
  }

  test.each([
    "/../../../../../../etc/passwd",
    "/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/assets/../../package.json",
    "/assets/..%2f..%2fpackage.json",
    "/assets/%2e%2e%2f%2e%2e%2fpackage.json",
    "/assets/..\\..\\package.json",
    "/assets/....//....//package.json",
    "/assets/%252e%252e%252f%252e%252e%252fpackage.json",
    "/assets/x%00.js",
    "//etc/passwd",
    "/file:///etc/passwd",
    "/.vite/manifest.json",
    "/.sources",
    "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "/api/docs/..%2f..%2f..%2fpackage.json",
    "/api/docs/../../package.json",
  ])("%s leads nowhere", async (path) => {
    const answer = await raw(path);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|301|302|307|308|400|403|404) /);
    expect(answer).not.toMatch(/root:.*:0:0:/);
    expect(answer).not.toContain('"workspaces"');
    expect(answer).not.toContain('"isEntry"');
    // 200 is the app's own page, for addresses that the app itself may know.
    if (/^HTTP\/1\.1 200 /.test(answer)) expect(answer).toContain('<div id="root"');
  });

  test("the data folder and the sources are not served", async () => {
    for (const path of [
      "/data/foyer.db",
      "/foyer.db",
      "/jwt.secret",
      "/src/main.tsx",
      "/package.json",
      "/node_modules/",
    ]) {
      const answer = await raw(path);
      expect(answer, path).not.toContain("SQLite format");
      expect(answer, path).toMatch(/^HTTP\/1\.1 (404|403)|<div id="root"/);
    }
  });
});
