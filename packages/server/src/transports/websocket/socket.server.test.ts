import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createIds, systemClock } from "../../platform/clock/clock.ts";
import type { Connection } from "./connection.ts";
import { encodeText } from "./frame.encoder.ts";
import { SocketServer, type SocketServerOptions } from "./socket.server.ts";

interface Seen {
  opened: Connection<string>[];
  texts: string[];
  closed: string[];
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(
  options: Partial<SocketServerOptions> = {},
  received: (connection: Connection<string>, text: string) => Promise<void> = async () => {},
) {
  const seen: Seen = { opened: [], texts: [], closed: [] };
  const server = new SocketServer<string>(
    {
      frameBytes: 1024,
      queueBytes: 64 * 1024,
      framesPerSecond: 0,
      heartbeatSeconds: 2,
      pongSeconds: 1,
      drainMs: 60_000,
      resyncText: (topic) => (topic.startsWith("room") ? `resync ${topic}` : undefined),
      goodbyeText: (code, afterMs) => `goodbye ${code} ${afterMs > 0}`,
      clock: systemClock,
      ids: createIds(systemClock),
      ...options,
    },
    {
      admit: async (request) =>
        request.url?.includes("refuse") ? { refuse: 4102, reason: "member.banned" } : { data: request.url ?? "" },
      opened: (connection) => void seen.opened.push(connection),
      received: async (connection, text) => {
        seen.texts.push(text);
        await received(connection, text);
      },
      closed: (connection) => void seen.closed.push(connection.id),
      beat: () => {},
    },
  );
  server.start();
  const http: Server = createServer();
  http.on("upgrade", (request, socket, head) => server.upgrade(request, socket, head));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  cleanups.push(async () => {
    await server.drain(500);
    await new Promise((resolve) => http.close(resolve));
  });
  return { server, hub: server.hub, seen, url: `ws://127.0.0.1:${port}/ws` };
}

/** A client that keeps what it gets. */
async function connect(url: string) {
  const socket = new WebSocket(url);
  const frames: string[] = [];
  let closedWith: number | undefined;
  socket.on("message", (data) => void frames.push(...data.toString().split("\n")));
  socket.on("close", (code) => {
    closedWith = code;
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return { socket, frames, code: () => closedWith };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 8000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("waited too long");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("encodeText", () => {
  it("makes frames that a WebSocket reads, whatever the length", async () => {
    const { hub, seen, url } = await start();
    const client = await connect(url);
    await until(() => seen.opened.length === 1);
    const texts = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000].map((length) => `${"é".repeat(length / 2)}x`);
    for (const text of texts) hub.send(seen.opened[0]?.id ?? "", text);
    await until(() => client.frames.length === texts.length);
    expect(client.frames).toEqual(texts);
    expect(encodeText("a")).toEqual(Buffer.from([0x81, 1, 0x61]));
  });
});

describe("SocketServer", () => {
  it("delivers what is published in one turn as one message, in order, to the topic's members alone", async () => {
    const { hub, seen, url } = await start();
    const [inside, outside] = [await connect(url), await connect(url)];
    await until(() => seen.opened.length === 2);
    const messages: string[] = [];
    inside.socket.on("message", (data) => messages.push(data.toString()));
    hub.join(seen.opened[0]?.id ?? "", "room:a");
    hub.publish("room:a", "1");
    hub.publish("room:a", "2");
    hub.publish("room:b", "other");
    await until(() => inside.frames.length === 2);
    expect(messages).toEqual(["1\n2"]);
    hub.leave(seen.opened[0]?.id ?? "", "room:a");
    hub.publish("room:a", "3");
    hub.send(seen.opened[0]?.id ?? "", "private");
    await until(() => inside.frames.length === 3);
    expect(inside.frames).toEqual(["1", "2", "private"]);
    expect(outside.frames).toEqual([]);
  });

  it("keeps what is published between hold and release, and sends it after the answer", async () => {
    const { hub, seen, url } = await start();
    const client = await connect(url);
    await until(() => seen.opened.length === 1);
    const id = seen.opened[0]?.id ?? "";
    hub.hold(id, "room:a");
    hub.publish("room:a", "during 1");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    hub.publish("room:a", "during 2");
    hub.release(id, "room:a", "answer");
    hub.publish("room:a", "after");
    await until(() => client.frames.length === 4);
    expect(client.frames).toEqual(["answer", "during 1", "during 2", "after"]);
  });

  it("handles the frames of one connection one after the other", async () => {
    const order: string[] = [];
    const { seen, url } = await start({}, async (_connection, text) => {
      order.push(`begin ${text}`);
      await new Promise((resolve) => setTimeout(resolve, text === "a" ? 30 : 1));
      order.push(`end ${text}`);
    });
    const client = await connect(url);
    for (const text of ["a", "b", "c"]) client.socket.send(text);
    await until(() => order.length === 6);
    expect(order).toEqual(["begin a", "end a", "begin b", "end b", "begin c", "end c"]);
    expect(seen.texts).toEqual(["a", "b", "c"]);
  });

  it("reads no faster than its budget of frames, and loses none", async () => {
    const { seen, url } = await start({ framesPerSecond: 100 });
    const client = await connect(url);
    // Large frames, so that they do not all come out of one read of the socket.
    const sent = Array.from({ length: 400 }, (_, n) => `${n} ${"x".repeat(1000)}`);
    for (const text of sent) client.socket.send(text);
    await until(() => seen.texts.length >= 200);
    expect(seen.texts.length).toBeLessThan(400);
    await until(() => seen.texts.length === 400);
    expect(seen.texts).toEqual(sent);
  });

  it("puts a slow consumer on resync without holding up the others, and drops ephemeral frames first", async () => {
    const { hub, seen, url } = await start();
    const slow = await connect(url);
    const fast = await connect(url);
    await until(() => seen.opened.length === 2);
    for (const connection of seen.opened) hub.join(connection.id, "room:a");
    const raw = (slow.socket as unknown as { _socket: Socket })._socket;
    raw.pause();
    const big = "x".repeat(8000);
    let published = 0;
    const slowConnection = seen.opened[0] as Connection<string>;
    while (!slowConnection.stalled && published < 20_000) {
      hub.publish("room:a", `${published} ${big}`);
      published += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(slowConnection.stalled).toBe(true);
    expect(slowConnection.backlog).toBeLessThan(64 * 1024 + 2 * 8100);
    hub.publish("room:a", "while stalled");
    hub.publish("room:a", "typing", true);
    await until(() => fast.frames.includes("while stalled") && fast.frames.includes("typing"));
    expect(fast.frames.length).toBe(published + 2);
    raw.resume();
    await until(() => slow.frames.includes("resync room:a"));
    expect(slow.frames).not.toContain("while stalled");
    hub.publish("room:a", "live again");
    await until(() => slow.frames.includes("live again"));
    // What did arrive is a prefix in order: no hole before the resync.
    const numbers = slow.frames.filter((frame) => frame.endsWith("x")).map((frame) => Number(frame.split(" ")[0]));
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  it("closes a slow consumer that does not drain, with 4001", async () => {
    const { hub, seen, url } = await start({ drainMs: 100 });
    const slow = await connect(url);
    await until(() => seen.opened.length === 1);
    const connection = seen.opened[0] as Connection<string>;
    hub.join(connection.id, "room:a");
    const raw = (slow.socket as unknown as { _socket: Socket })._socket;
    raw.pause();
    while (!connection.stalled) {
      hub.publish("room:a", "x".repeat(8000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => connection.closed);
    raw.resume();
    await until(() => slow.code() !== undefined);
    expect(slow.code()).toBe(4001);
  });

  it("refuses by a close code and a goodbye", async () => {
    const { url, seen } = await start();
    const client = await connect(`${url}?refuse`);
    await until(() => client.code() !== undefined);
    expect(client.code()).toBe(4102);
    expect(client.frames).toEqual(["goodbye 4102 false"]);
    expect(seen.opened).toEqual([]);
  });

  it("closes on binary frames and on frames that are too large", async () => {
    const { url, seen } = await start();
    const [binary, large] = [await connect(url), await connect(url)];
    binary.socket.send(Buffer.from([1, 2, 3]));
    large.socket.send("x".repeat(2000));
    await until(() => binary.code() !== undefined && large.code() !== undefined);
    expect([binary.code(), large.code()]).toEqual([1003, 1009]);
    await until(() => seen.closed.length === 2);
  });

  it("cuts off a peer that does not answer pings", async () => {
    const { seen, url, server } = await start();
    const dead = new WebSocket(url, { autoPong: false });
    const alive = await connect(url);
    await until(() => seen.closed.length === 1);
    expect(server.size).toBe(1);
    expect(alive.code()).toBeUndefined();
    dead.terminate();
  });

  it("says goodbye to everybody when it drains, and takes nobody new", async () => {
    const { server, url } = await start();
    const client = await connect(url);
    const drained = server.drain();
    await until(() => client.code() === 4002);
    expect(client.frames).toEqual(["goodbye 4002 true"]);
    await drained;
    expect(server.size).toBe(0);
    await expect(connect(url)).rejects.toThrow("503");
  });
});
