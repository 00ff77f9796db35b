import type { RoomView } from "@foyer/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startCluster, type TestCluster } from "../support/cluster.ts";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { startServerProcess } from "../support/server.process.ts";
import { testRedis } from "../support/test.redis.ts";
import { openWire } from "../support/wire.ts";

const hasRedis = (await testRedis()) !== undefined;

describe.skipIf(!hasRedis)("two nodes on one Postgres and one Redis", () => {
  let cluster: TestCluster;
  let owner: Person;
  let member: Person;
  const origin = (at: number) => cluster.nodes[at]?.origin ?? "";

  beforeAll(async () => {
    cluster = await startCluster(2);
    owner = await registerPerson(origin(0), "owner");
    member = await registerPerson(origin(1), "member");
  });
  afterAll(() => cluster.dispose());

  test("what is said on one is heard on the other, each message once", async () => {
    const [a, b] = [
      await openWire(origin(0), { token: owner.token }),
      await openWire(origin(1), { token: member.token }),
    ];
    await a.ask("subscribe", { roomId: "general" });
    await b.ask("subscribe", { roomId: "general" });
    const sent = 60;
    await Promise.all(
      Array.from({ length: sent }, (_, at) =>
        (at % 2 === 0 ? a : b).ask("sendMessage", { roomId: "general", message: `number ${at}`, clientId: `n${at}` }),
      ),
    );
    const offsets = (wire: typeof a) =>
      wire.frames.flatMap((frame) => (frame.type === "message" ? [frame.message.offset] : []));
    await vi.waitFor(
      () => {
        expect(new Set(offsets(a)).size).toBe(sent);
        expect(new Set(offsets(b)).size).toBe(sent);
      },
      { timeout: 15_000 },
    );
    await a.close();
    await b.close();
  });

  test("the same clientId on both nodes is one message", async () => {
    const send = (at: number) =>
      callEndpoint(origin(at), "sendMessage", {
        token: owner.token,
        path: ["general"],
        body: { message: "only once", clientId: "twice" },
      });
    const answers = await Promise.all([send(0), send(1)]);
    const ids = answers.map(({ body }) => (body as { messageId: string }).messageId);
    expect(new Set(ids).size).toBe(1);
  });

  test("a session that is ended on one node is over on the other, and its socket closes", async () => {
    const guest = await registerPerson(origin(0), "leaver");
    const wire = await openWire(origin(1), { token: guest.token });
    expect((await callEndpoint(origin(1), "authMe", { token: guest.token })).status).toBe(200);
    await callEndpoint(origin(0), "logout", { token: guest.token });
    await wire.closed;
    await vi.waitFor(
      async () => expect((await callEndpoint(origin(1), "authMe", { token: guest.token })).status).toBe(401),
      { timeout: 10_000 },
    );
  });

  test("a ban on one node puts the member out of the room on the other", async () => {
    const loud = await registerPerson(origin(0), "loud");
    const made = await callEndpoint(origin(0), "createRoom", {
      token: owner.token,
      body: { kind: "public", name: "Arena" },
    });
    const { roomId } = made.body as RoomView;
    const wire = await openWire(origin(1), { token: loud.token });
    await wire.ask("subscribe", { roomId });
    await wire.ask("sendMessage", { roomId, message: "hello", clientId: "x1" });
    await callEndpoint(origin(0), "banMember", {
      token: owner.token,
      path: [roomId],
      body: { accountId: loud.account.accountId },
    });
    await vi.waitFor(
      async () => {
        const answer = await wire.request("sendMessage", { roomId, message: "again", clientId: crypto.randomUUID() });
        expect(answer.ok).toBe(false);
      },
      { timeout: 10_000 },
    );
    await wire.close();
  });

  test("who is in a room is known on both nodes, and when somebody goes", async () => {
    const room = await callEndpoint(origin(0), "createRoom", {
      token: owner.token,
      body: { kind: "public", name: "Lobby" },
    });
    const { roomId } = room.body as RoomView;
    const here = await openWire(origin(0), { token: owner.token });
    const there = await openWire(origin(1), { token: member.token });
    await here.ask("subscribe", { roomId });
    await there.ask("subscribe", { roomId });
    const counts = (wire: typeof here) =>
      wire.frames.flatMap((frame) => (frame.type === "presence" && frame.roomId === roomId ? [frame.count] : []));
    await vi.waitFor(() => expect(counts(here).at(-1)).toBe(2), { timeout: 15_000 });
    await vi.waitFor(() => expect(counts(there).at(-1)).toBe(2), { timeout: 15_000 });
    await there.close();
    await vi.waitFor(() => expect(counts(here).at(-1)).toBe(1), { timeout: 20_000 });
    // Whoever comes now is told of those on the other node at once.
    const late = await openWire(origin(1), { token: member.token });
    const { presence } = await late.ask("subscribe", { roomId });
    expect(presence.count).toBe(2);
    await here.close();
    await late.close();
  });

  test("a node that is killed takes nothing with it that was acknowledged, and comes back", async () => {
    const [first, second] = cluster.nodes;
    const wire = await openWire(origin(0), { token: owner.token });
    const { messageId } = await wire.ask("sendMessage", {
      roomId: "general",
      message: "before the end",
      clientId: "end",
    });
    await first?.kill();
    const kept = await callEndpoint(second?.origin ?? "", "getMessage", {
      token: owner.token,
      path: ["general", messageId],
    });
    expect(kept.status).toBe(200);
    await first?.start();
    expect((await callEndpoint(origin(0), "authMe", { token: owner.token })).status).toBe(200);
  });

  test("a server without REDIS_URL is kept off their database", async () => {
    await expect(startServerProcess({ env: { DATABASE_URL: cluster.databaseUrl } })).rejects.toThrow(/REDIS_URL/);
  }, 60_000);
});
