import { expect, test } from "vitest";
import { connected, serverAndClient } from "../support/connected.ts";
import { until } from "../support/until.ts";

async function openRoom(over: Parameters<typeof connected>[0] = {}) {
  const { server, client } = await connected(over);
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  return { server, client, room, texts: () => room.snapshot().messages.map((message) => message.message) };
}

test("a message shows at once, and is never shown twice", async () => {
  const { server, room, texts } = await openRoom();
  const shown: string[] = [];
  room.onChange(() => shown.push([...texts(), ...room.snapshot().pending.map((p) => `(${p.text})`)].join()));
  const sent = room.send("hello", { clientId: "c1" });
  expect(room.snapshot().pending).toMatchObject([{ clientId: "c1", text: "hello", state: "sending" }]);
  expect(await sent).toEqual({ messageId: "m1", offset: 1, duplicate: false });
  await until("the message itself", () => texts().length === 1);
  expect(room.snapshot()).toMatchObject({ pending: [], unread: 0 });
  expect(shown.every((line) => line === "(hello)" || line === "hello")).toBe(true);
  expect(server.last.heard.at(-1)).toMatchObject({
    action: "sendMessage",
    roomId: "r",
    message: "hello",
    clientId: "c1",
  });
});

test("the message may come before its acknowledgement, and that may never come", async () => {
  const { server, room, texts } = await openRoom();
  server.answers["sendMessage"] = (frame, socket) => server.accept(frame, socket, { answer: false });
  const sent = room.send("once");
  await until("the message", () => texts().length === 1);
  expect(room.snapshot().pending).toEqual([]);
  delete server.answers["sendMessage"];
  server.last.drop();
  expect(await sent).toMatchObject({ messageId: "m1", duplicate: true });
  expect(texts()).toEqual(["once"]);
});

test("what was not acknowledged is sent again in order under the same clientId", async () => {
  const { server, room, texts } = await openRoom();
  server.answers["sendMessage"] = () => {};
  const results = Promise.all(["one", "two", "three"].map((text) => room.send(text)));
  await until("all on their way", () => server.last.count("sendMessage") === 3);
  const first = server.last.heard.filter((frame) => frame.action === "sendMessage").map((frame) => frame.clientId);
  delete server.answers["sendMessage"];
  server.last.drop();
  expect((await results).map((result) => result.offset)).toEqual([1, 2, 3]);
  const second = server.last.heard.filter((frame) => frame.action === "sendMessage").map((frame) => frame.clientId);
  expect(second).toEqual(first);
  expect(new Set(first).size).toBe(3);
  await until("all three", () => texts().length === 3);
  expect(texts()).toEqual(["one", "two", "three"]);
  // Followed before sent: the subscribe is the first thing on the new connection.
  expect(server.last.heard[0]?.action).toBe("subscribe");
});

test("written offline, sent when online", async () => {
  const { server, client } = await serverAndClient();
  const sent = client.room("r").send("early");
  expect(client.room("r").snapshot().pending.length).toBe(1);
  client.connect();
  expect(await sent).toMatchObject({ offset: 1 });
  expect(server.last.count("subscribe")).toBe(1);
});

test("a refused message stays visible as failed, and can be sent again or discarded", async () => {
  const { server, room, texts } = await openRoom();
  server.answers["sendMessage"] = (frame, socket) => socket.refuse(frame, "message.slow_mode", { retryAfter: 7 });
  await expect(room.send("slow", { clientId: "c1" })).rejects.toMatchObject({
    code: "message.slow_mode",
    retryAfter: 7,
  });
  expect(room.snapshot().pending).toMatchObject([
    { clientId: "c1", state: "failed", error: { code: "message.slow_mode", retryAfter: 7 } },
  ]);
  await expect(room.send("second", { clientId: "c2" })).rejects.toMatchObject({ code: "message.slow_mode" });
  room.discard("c2");
  delete server.answers["sendMessage"];
  room.retry("c1");
  expect(room.snapshot().pending).toMatchObject([{ clientId: "c1", state: "sending" }]);
  await until("the message", () => texts().length === 1 && room.snapshot().pending.length === 0);
});

test("a busy server and a lost answer are tried again on the same connection", async () => {
  const { server, room } = await openRoom({ requestTimeoutMs: 100 });
  let tries = 0;
  server.answers["sendMessage"] = (frame, socket) => {
    tries += 1;
    if (tries === 1) socket.refuse(frame, "server.busy", { retryAfter: 0 });
    else server.accept(frame, socket, { answer: tries > 2 });
  };
  expect(await room.send("patience")).toMatchObject({ offset: 1, duplicate: true });
  expect(tries).toBe(3);
  expect(server.sockets.length).toBe(1);
});

test("edits, deletions and reactions are repeated once after a drop, other requests are not", async () => {
  const { server, client, room } = await openRoom();
  for (const action of ["editMessage", "deleteMessage", "react", "history"]) server.answers[action] = () => {};
  for (let count = 0; count < 60; count += 1) server.post("r", { quiet: true });
  server.last.say({ type: "resync", roomId: "r" });
  await until("more before it", () => room.snapshot().messages.length === 60);
  const lost = client.api.health().catch((error: unknown) => error);
  const all = Promise.allSettled([room.edit("m1", "x"), room.remove("m2"), room.react("m3", "👍", true)]);
  await until("on their way", () => server.last.count("react"));
  server.answers = {};
  server.last.drop();
  expect((await all).map((result) => result.status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  const repeated = server.last.heard.map((frame) => frame.action);
  expect(repeated).toEqual(expect.arrayContaining(["editMessage", "deleteMessage", "react"]));
  await lost;

  server.answers["editMessage"] = (_, socket) => socket.drop();
  await expect(room.edit("m1", "y")).rejects.toMatchObject({ code: "connection.lost" });
});

test("close() fails what is not acknowledged, and it can be sent again later", async () => {
  const { server, client, room } = await openRoom();
  server.answers["sendMessage"] = () => {};
  const sent = room.send("late", { clientId: "c1" });
  await until("on its way", () => server.last.count("sendMessage"));
  client.close();
  await expect(sent).rejects.toMatchObject({ code: "connection.closed" });
  await expect(room.send("never")).rejects.toMatchObject({ code: "connection.closed" });
  expect(room.snapshot().pending.map((pending) => pending.state)).toEqual(["failed", "failed"]);
  delete server.answers["sendMessage"];
  client.connect();
  room.retry("c1");
  await until("the message", () => room.snapshot().messages.length === 1);
});

test("a loop over messages sees each new one once, across a drop, and none of before", async () => {
  const { server, client } = await connected();
  server.post("r", { quiet: true });
  const seen: number[] = [];
  const stop = new AbortController();
  const loop = (async () => {
    for await (const message of client.room("r").messages({ signal: stop.signal })) {
      seen.push(message.offset);
      if (message.offset === 5) break;
    }
  })();
  await until("live", () => client.room("r").snapshot().status === "live");
  server.post("r");
  server.room("r").apply({ kind: "edit", target: 0, mentions: false });
  server.last.drop();
  server.post("r", { quiet: true });
  await until("back", () => server.sockets.length === 2 && client.room("r").snapshot().status === "live");
  server.post("r");
  await loop;
  expect(seen).toEqual([2, 4, 5]);
  stop.abort();
});

test("a loop over messages ends with the reason when the connection ends for good", async () => {
  const { server, client } = await connected();
  const loop = (async () => {
    for await (const message of client.room("r").messages()) void message;
  })();
  await until("live", () => client.room("r").snapshot().status === "live");
  server.last.socket.close(4102, "member.banned");
  await expect(loop).rejects.toMatchObject({ code: "member.banned" });
});
