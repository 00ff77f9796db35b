import { expect, test } from "vitest";
import { connected, serverAndClient } from "../support/connected.ts";
import { until } from "../support/until.ts";

const offsets = (handle: { snapshot(): { messages: readonly { offset: number }[] } }) =>
  handle.snapshot().messages.map((message) => message.offset);

test("follows a room, and after a drop goes on from the place it knows", async () => {
  const { server, client } = await connected();
  for (let count = 0; count < 3; count += 1) server.post("r", { quiet: true });
  const room = client.room("r");
  expect(client.room("r")).toBe(room);
  room.open();
  expect(room.snapshot().status).toBe("loading");
  await until("live", () => room.snapshot().status === "live");
  expect(offsets(room)).toEqual([1, 2, 3]);
  server.post("r");
  await until("a live message", () => offsets(room).length === 4);

  const statuses: string[] = [];
  room.onChange(() => statuses.push(room.snapshot().status));
  server.post("r", { quiet: true });
  server.last.drop();
  await until("caught up", () => offsets(room).length === 5);
  expect([statuses[0], statuses.at(-1)]).toEqual(["stale", "live"]);
  expect(server.last.heard.find((frame) => frame.action === "subscribe")?.since).toEqual({ epoch: "e1", offset: 4 });
});

test("what cannot be recovered is replaced", async () => {
  const { server, client } = await connected();
  for (let count = 0; count < 3; count += 1) server.post("r", { quiet: true });
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  server.answers["subscribe"] = (frame, socket) => {
    const data = server.room("r").subscribe({ since: frame.since as never, recoverable: false, limit: 2 });
    socket.ok(frame, data);
  };
  for (let count = 0; count < 3; count += 1) server.post("r", { quiet: true });
  server.last.drop();
  await until("the newest page", () => offsets(room).includes(6));
  expect(offsets(room)).toEqual([5, 6]);
  expect(room.snapshot().hasOlder).toBe(true);
});

test("a resync makes it ask again; frames that come in between skip nothing", async () => {
  const { server, client } = await connected();
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  server.post("r");
  server.post("r", { quiet: true });
  server.last.say({ type: "resync", roomId: "r" });
  server.post("r");
  await until("all three", () => offsets(room).length === 3);
  expect(offsets(room)).toEqual([1, 2, 3]);
  const asked = server.last.heard.filter((frame) => frame.action === "subscribe");
  expect(asked.map((frame) => frame.since)).toEqual([undefined, { epoch: "e1", offset: 1 }]);
});

test("a change that was lost on the way is noticed by its offset, and fetched", async () => {
  const { server, client } = await connected();
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  server.post("r");
  server.post("r", { quiet: true });
  server.post("r");
  await until("all three", () => offsets(room).length === 3);
  expect(offsets(room)).toEqual([1, 2, 3]);
  expect(server.last.count("subscribe")).toBe(2);
});

test("away from the newest, messages wait; going back shows them", async () => {
  const { server, client } = await connected();
  for (let count = 0; count < 200; count += 1) server.post("r", { quiet: true });
  server.http = (url) => {
    const query = new URL(url, "http://x").searchParams;
    const around = query.get("around");
    const after = query.get("after");
    const limit = Number(query.get("limit"));
    const place = around ? { around: Number(around.slice(1)) } : after ? { after: Number(after) } : {};
    return { status: 200, body: server.room("r").page({ ...place, limit }) };
  };
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  expect(offsets(room)).toEqual(Array.from({ length: 50 }, (_, index) => 151 + index));
  const older = room.loadOlder();
  expect(room.snapshot().loadingOlder).toBe(true);
  await older;
  expect(offsets(room)[0]).toBe(101);
  expect(room.snapshot()).toMatchObject({ loadingOlder: false, hasOlder: true, hasNewer: false });

  await room.jumpTo("m20");
  expect(room.snapshot()).toMatchObject({ hasNewer: true, hasOlder: false });
  const before = offsets(room);
  server.post("r");
  await until("the frame is here", () => room.snapshot().unread > 0);
  expect(offsets(room)).toEqual(before);
  await room.loadNewer();
  expect(offsets(room).length).toBe(before.length + 50);
  await room.jumpToLatest();
  expect(offsets(room).at(-1)).toBe(201);
  expect(room.snapshot().hasNewer).toBe(false);
  await room.jumpTo("m200");
  expect(offsets(room).at(-1)).toBe(201);
});

test("rooms beyond the server's limit: the one that was left longest ago is let go", async () => {
  const { server, client } = await serverAndClient();
  server.subscriptionsPerConnection = 2;
  client.connect();
  const closers = new Map(["a", "b", "c"].map((roomId) => [roomId, () => {}]));
  const open = async (roomId: string) => {
    closers.set(roomId, client.room(roomId).open());
    await until(`${roomId} live`, () => client.room(roomId).snapshot().status === "live");
  };
  await open("a");
  await open("b");
  closers.get("a")?.();
  closers.get("b")?.();
  expect(client.room("a").snapshot().status).toBe("live");
  await open("c");
  expect(server.last.heard.filter((frame) => frame.action === "unsubscribe").map((frame) => frame.roomId)).toEqual([
    "a",
  ]);
  expect(client.room("a").snapshot().status).toBe("closed");
  expect(client.room("b").snapshot().status).toBe("live");
  await open("a");
  expect(client.room("b").snapshot().status).toBe("closed");
  // Only two are resumed, and the third takes its turn when one is closed.
  client.room("b").open();
  await until("b live", () => client.room("b").snapshot().status === "live");
  expect(client.room("c").snapshot().status).toBe("stale");
  closers.get("a")?.();
  await until("c live", () => client.room("c").snapshot().status === "live");
});

test("a refusal shows as the room's error, a passing one is tried again", async () => {
  const { server, client } = await connected();
  server.answers["subscribe"] = (frame, socket) => socket.refuse(frame, "room.not_found");
  const room = client.room("r");
  const close = room.open();
  await until("error", () => room.snapshot().status === "error");
  expect(room.snapshot().error?.code).toBe("room.not_found");
  close();
  let tries = 0;
  const answers = server.answers;
  answers["subscribe"] = (frame, socket) => {
    tries += 1;
    delete answers["subscribe"];
    socket.refuse(frame, "server.busy", { retryAfter: 0 });
  };
  room.open();
  await until("live", () => room.snapshot().status === "live");
  expect(tries).toBe(1);
});

test("rights that change are asked for; a room that is deleted is gone", async () => {
  const { server, client } = await connected();
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  server.post("r");
  server.last.say({ type: "room", roomId: "r", change: "rights" });
  await until("asked again", () => server.last.count("subscribe") === 2);
  server.last.say({ type: "room", roomId: "r", change: "deleted" });
  await until("gone", () => room.snapshot().status === "error");
  expect(room.snapshot().messages).toEqual([]);
});

test("somebody else signs in: nothing of the one before stays", async () => {
  const { server, client } = await connected();
  server.post("r", { quiet: true });
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  server.answers["sendMessage"] = () => {};
  const sent = room.send("from me");
  await until("on its way", () => server.last.count("sendMessage"));
  server.hello = { account: { accountId: "you", handle: "you", displayName: "You", role: "member" }, guest: false };
  server.last.drop();
  await expect(sent).rejects.toMatchObject({ code: "connection.closed" });
  await until("live", () => room.snapshot().status === "live" && server.sockets.length === 2);
  expect(server.last.count("sendMessage")).toBe(0);
  expect(server.last.heard.find((frame) => frame.action === "subscribe")?.since).toBeUndefined();
});

test("read marks go out one at a time, the newest is kept over a drop", async () => {
  const { server, client } = await connected();
  for (let count = 0; count < 5; count += 1) server.post("r", { quiet: true });
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  expect(room.snapshot().unread).toBe(5);
  server.answers["markRead"] = () => {};
  const marked = Promise.all([room.markRead(2), room.markRead(3), room.markRead(5)]);
  expect(room.snapshot()).toMatchObject({ unread: 0, readOffset: 5 });
  await until("one mark", () => server.last.count("markRead") === 1);
  delete server.answers["markRead"];
  server.last.drop();
  await marked;
  expect(server.last.heard.filter((frame) => frame.action === "markRead").map((frame) => frame.offset)).toEqual([5]);
  // Read on another device: the server's numbers count.
  server.last.say({ type: "read", roomId: "r", offset: 4, unread: 1, mentions: 1 });
  await until("the server's numbers", () => room.snapshot().mentions === 1);
  expect(room.snapshot()).toMatchObject({ unread: 1, readOffset: 4 });
});

test("typing is told once in 3 s, and others' typing shows", async () => {
  const { server, client } = await connected();
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  for (let count = 0; count < 5; count += 1) room.typing();
  const profile = (accountId: string) => ({ accountId, handle: accountId, displayName: accountId });
  server.last.say({ type: "typing", roomId: "r", account: profile("me") });
  server.last.say({ type: "typing", roomId: "r", account: profile("other") });
  await until("typing", () => room.snapshot().typing.length > 0);
  expect(room.snapshot().typing).toEqual([profile("other")]);
  expect(server.last.count("typing")).toBe(1);
});

test("listeners are called once for what arrives together, and a snapshot changes only when something did", async () => {
  const { server, client } = await connected();
  const room = client.room("r");
  room.open();
  await until("live", () => room.snapshot().status === "live");
  await new Promise((resolve) => setTimeout(resolve, 10));
  let calls = 0;
  room.onChange(() => {
    calls += 1;
  });
  const before = room.snapshot();
  const posts = [1, 2, 3].map(() => server.post("r", { quiet: true }));
  server.last.say(...posts.map((message) => ({ type: "message", roomId: "r", offset: message.version, message })));
  await until("the messages", () => room.snapshot().messages.length === 3);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(calls).toBe(1);
  const after = room.snapshot();
  expect(after).not.toBe(before);
  server.last.say(...posts.map((message) => ({ type: "message", roomId: "r", offset: message.version, message })));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(room.snapshot()).toBe(after);
  expect(calls).toBe(1);
});
