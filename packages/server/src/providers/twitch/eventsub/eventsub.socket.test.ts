import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { SocketListener, TwitchMessage, TwitchSocket } from "../../../modules/alerts/index.ts";
import { silentLogger } from "../../../platform/logs/logger.ts";
import { openEventSubSocket } from "./eventsub.socket.ts";

/** A connection as the server sees it. */
interface Arrival {
  socket: WebSocket;
  path: string;
}

describe("the socket of EventSub", () => {
  let server: WebSocketServer;
  let home: string;
  let arrivals: Arrival[];
  let heard: string[];
  let socket: TwitchSocket | undefined;

  beforeEach(async () => {
    arrivals = [];
    heard = [];
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (at, request) => arrivals.push({ socket: at, path: request.url ?? "" }));
    await once(server, "listening");
    home = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await socket?.close();
    socket = undefined;
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  const idOf = (message: TwitchMessage) => (message.kind === "event" ? message.messageId : message.kind);
  function listen(over: Partial<SocketListener> = {}): void {
    const listener: SocketListener = {
      session: async (id) => void heard.push(`session ${id}`),
      message: async (message) => void heard.push(idOf(message)),
      lost: (why) => void heard.push(`lost ${why}`),
      ...over,
    };
    const deps = { url: `${home}/ws`, ids: { fraction: () => 0 }, log: silentLogger() };
    socket = openEventSubSocket(deps, listener);
  }
  const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
  async function arrival(index: number): Promise<Arrival> {
    await until(() => expect(arrivals.length).toBeGreaterThan(index));
    const found = arrivals[index];
    if (found === undefined) throw new Error("nobody came");
    return found;
  }
  const frame = (type: string, payload: unknown, id = "f") =>
    JSON.stringify({
      metadata: { message_id: id, message_type: type, message_timestamp: "2026-11-01T10:00:00.5Z" },
      payload,
    });
  const welcome = ({ socket: at }: Arrival, id: string, keepalive = 10) =>
    at.send(frame("session_welcome", { session: { id, status: "connected", keepalive_timeout_seconds: keepalive } }));
  const move = ({ socket: at }: Arrival, url: string) =>
    at.send(frame("session_reconnect", { session: { id: "s1", status: "reconnecting", reconnect_url: url } }));
  const offline = ({ socket: at }: Arrival, id: string) =>
    at.send(
      frame(
        "notification",
        {
          subscription: { id: "sub", type: "stream.offline", version: "1", status: "enabled" },
          event: { broadcaster_user_id: "1001" },
        },
        id,
      ),
    );

  it("asks for keepalives, hands on the session and then the events in their order", async () => {
    listen();
    const first = await arrival(0);
    expect(first.path).toBe("/ws?keepalive_timeout_seconds=10");
    welcome(first, "s1");
    for (const id of ["a", "b", "c"]) offline(first, id);
    await until(() => expect(heard).toEqual(["session s1", "a", "b", "c"]));
  });

  it("moves without a gap: the old connection hears on until the new one is welcomed", async () => {
    listen();
    const first = await arrival(0);
    welcome(first, "s1");
    offline(first, "a");
    move(first, `${home}/moved?token=1`);
    const second = await arrival(1);
    expect(second.path).toBe("/moved?token=1");
    offline(first, "b");
    await until(() => expect(heard).toEqual(["session s1", "a", "b"]));
    expect(first.socket.readyState).toBe(first.socket.OPEN);
    welcome(second, "s1");
    // What was on its way when the new one was welcomed is not lost either.
    offline(first, "c");
    await once(first.socket, "close");
    offline(second, "d");
    await until(() => expect(heard).toEqual(["session s1", "a", "b", "c", "d"]));
    expect(arrivals).toHaveLength(2);
  });

  it("tries the new address again while the old connection is there", async () => {
    listen();
    const first = await arrival(0);
    welcome(first, "s1");
    move(first, `${home}/moved`);
    (await arrival(1)).socket.terminate();
    const third = await arrival(2);
    expect(third.path).toBe("/moved");
    offline(first, "a");
    welcome(third, "s1");
    offline(third, "b");
    await until(() => expect(heard).toEqual(["session s1", "a", "b"]));
  });

  it("begins a new session when the old connection ends before the new one is welcomed", async () => {
    listen();
    const first = await arrival(0);
    welcome(first, "s1");
    move(first, `${home}/moved`);
    const second = await arrival(1);
    first.socket.close(4004);
    await once(first.socket, "close");
    welcome(second, "s1");
    // The same name, but for a moment nobody listened: whoever listens is told.
    await until(() => expect(heard).toEqual(["session s1", "session s1"]));
  });

  it("does not go where Twitch's own scheme does not lead", async () => {
    listen();
    const first = await arrival(0);
    welcome(first, "s1");
    move(first, home.replace("ws:", "http:"));
    move(first, "nonsense");
    offline(first, "a");
    await until(() => expect(heard).toEqual(["session s1", "a"]));
    expect(arrivals).toHaveLength(1);
  });

  it("connects anew after Twitch has closed it, and says so", async () => {
    listen();
    const first = await arrival(0);
    welcome(first, "s1");
    await until(() => expect(heard).toEqual(["session s1"]));
    first.socket.close(4000);
    const second = await arrival(1);
    expect(second.path).toBe("/ws?keepalive_timeout_seconds=10");
    welcome(second, "s2");
    await until(() => expect(heard).toEqual(["session s1", "lost close_4000", "session s2"]));
  });

  it("connects anew when nothing comes for longer than Twitch announced", async () => {
    listen();
    const first = await arrival(0);
    welcome(first, "s1", 0.2);
    welcome(await arrival(1), "s2");
    await until(() => expect(heard).toEqual(["session s1", "lost silent", "session s2"]));
  });

  it("begins anew with a session that could not be registered", async () => {
    let refuse = true;
    listen({
      async session(id) {
        heard.push(`session ${id}`);
        if (!refuse) return;
        refuse = false;
        throw new Error("no such conduit");
      },
    });
    welcome(await arrival(0), "s1");
    welcome(await arrival(1), "s2");
    await until(() => expect(heard).toEqual(["session s1", "lost not_registered", "session s2"]));
  });

  it("goes on after frames that nobody can read, and never says a word", async () => {
    const said: unknown[] = [];
    listen();
    const first = await arrival(0);
    first.socket.on("message", (data) => said.push(data));
    welcome(first, "s1");
    for (const text of ["", "{", "[]", '{"metadata":{}}', frame("session_reconnect", {})]) first.socket.send(text);
    first.socket.send(Buffer.from([0, 1, 2]));
    first.socket.send(frame("session_keepalive", {}));
    offline(first, "a");
    await until(() => expect(heard.at(-1)).toBe("a"));
    expect(new Set(heard)).toEqual(new Set(["session s1", "other", "a"]));
    expect(said).toEqual([]);
  });

  it("ends only after what has come in was taken", async () => {
    const gate = Promise.withResolvers<void>();
    listen({
      async message(message) {
        await gate.promise;
        heard.push(idOf(message));
      },
    });
    const first = await arrival(0);
    welcome(first, "s1");
    offline(first, "a");
    offline(first, "b");
    await until(() => expect(heard).toEqual(["session s1"]));
    const ended = socket?.close().then(() => heard.push("ended"));
    gate.resolve();
    await ended;
    expect(heard).toEqual(["session s1", "a", "b", "ended"]);
    socket = undefined;
  });
});
