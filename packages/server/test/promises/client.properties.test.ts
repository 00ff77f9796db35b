import { setTimeout as wait } from "node:timers/promises";
import { createClient, type FoyerClient } from "@foyer/client";
import type { MessagePage, RoomView } from "@foyer/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../support/server.process.ts";

let server: ServerProcess;
let people: Person[];

beforeAll(async () => {
  server = await startServerProcess({ env: withoutLimits });
  people = [];
  for (const handle of ["first", "second", "third"]) people.push(await registerPerson(server.origin, handle));
});
afterAll(() => server.dispose());

/** A client whose line can be cut, without a word to either side. */
function cuttable(token: string): { client: FoyerClient; cut(): void } {
  const sockets = new Set<WebSocket>();
  class Line extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.add(this);
      this.on("close", () => sockets.delete(this));
      this.on("error", () => undefined);
    }
  }
  const client = createClient({ url: server.origin, token, WebSocket: Line, backoff: { baseMs: 5, capMs: 40 } });
  return {
    client,
    cut() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

type Step = { kind: "send"; who: number } | { kind: "cut"; who: number } | { kind: "pause"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("send" as const), who: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cut" as const), who: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pause" as const), ms: fc.nat(15) }) },
);

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not in 15 s: ${what}`);
    await wait(5);
  }
}

test("exactly once under random disconnects: every send arrives once, in the sender's order, and all clients agree", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
      const [owner] = people;
      if (owner === undefined) throw new Error("nobody is there");
      const { roomId } = (await owner.call("createRoom", [], { kind: "public", name: "Lines" })).body as RoomView;
      const lines = people.map((person) => cuttable(person.token));
      const rooms = lines.map(({ client }) => client.room(roomId));
      const closers = rooms.map((room) => room.open());
      for (const { client } of lines) client.connect();
      await until(() => rooms.every((room) => room.snapshot().status === "live"), "all are live");

      const sent: { text: string; result: Promise<{ messageId: string }> }[] = [];
      for (const each of steps) {
        if (each.kind === "pause") await wait(each.ms);
        else if (each.kind === "cut") lines[each.who]?.cut();
        else {
          const text = `${each.who}:${sent.length}`;
          const result = rooms[each.who]?.send(text);
          if (result !== undefined) sent.push({ text, result });
        }
      }
      const results = await Promise.all(sent.map(({ result }) => result));
      expect(new Set(results.map(({ messageId }) => messageId)).size).toBe(sent.length);

      const answer = await callEndpoint(server.origin, "listMessages", {
        token: owner.token,
        path: [roomId],
        query: "?limit=100",
      });
      const { messages } = answer.body as MessagePage;
      expect(messages.map((message) => message.message).sort()).toEqual(sent.map(({ text }) => text).sort());
      for (const who of [0, 1, 2]) {
        const mine = (texts: readonly string[]): string[] => texts.filter((text) => text.startsWith(`${who}:`));
        expect(mine(messages.map((message) => message.message))).toEqual(mine(sent.map(({ text }) => text)));
      }
      for (const room of rooms) {
        await until(
          () => room.snapshot().status === "live" && room.snapshot().messages.length === messages.length,
          "caught up",
        );
        expect(room.snapshot().messages).toEqual(messages);
        expect(room.snapshot().pending).toEqual([]);
      }
      for (const close of closers) close();
      for (const { client } of lines) client.close();
    }),
    { numRuns: 15, seed: 20_261_120 },
  );
}, 180_000);
