import type { Message, MessagePage, ReplyData, RoomView, ServerFrame } from "@foyer/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../support/server.process.ts";
import { openWire, type Wire } from "../support/wire.ts";

const seed = 20_261_120;
const emojis = ["👍", "🎉", "🦊"];

let server: ServerProcess;
let owner: Person;
let people: Person[];

beforeAll(async () => {
  server = await startServerProcess({ env: { ...withoutLimits, LIMIT_RECOVERY_MESSAGES: "60" } });
  owner = await registerPerson(server.origin, "owner");
  people = [owner, await registerPerson(server.origin, "second"), await registerPerson(server.origin, "third")];
});
afterAll(() => server.dispose());

/** Something that somebody does in a room. `target` picks one of the messages that are there by then. */
interface Act {
  who: number;
  what: "send" | "edit" | "delete" | "react" | "unreact";
  target: number;
  text: string;
}

const act: fc.Arbitrary<Act> = fc.record({
  who: fc.nat(2),
  what: fc.constantFrom("send", "send", "send", "edit", "delete", "react", "unreact"),
  target: fc.nat(1_000),
  text: fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== ""),
});

async function makeRoom(): Promise<RoomView> {
  const answer = await owner.call("createRoom", [], { kind: "public", name: "Properties" });
  expect(answer.status).toBe(201);
  return answer.body;
}

/** Asks for it over `wire`. What was deleted meanwhile, or is somebody else's, may be refused; nothing else may. */
async function perform(wire: Wire, roomId: string, { what, target, text }: Act, known: string[]): Promise<void> {
  const messageId = known[target % Math.max(1, known.length)];
  if (what === "send" || messageId === undefined) {
    const sent = await wire.ask("sendMessage", { roomId, message: text });
    known.push(sent.messageId);
    return;
  }
  const emoji = emojis[target % emojis.length];
  const reply =
    what === "edit"
      ? await wire.request("editMessage", { roomId, messageId, message: text })
      : what === "delete"
        ? await wire.request("deleteMessage", { roomId, messageId })
        : await wire.request("react", { roomId, messageId, emoji, on: what === "react" });
  if (!reply.ok) expect(["message.deleted", "message.forbidden", "message.not_found"]).toContain(reply.error.code);
}

/** The room as somebody sees it who comes for the first time. */
async function freshFetch(roomId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (let query = "?limit=100"; ; ) {
    const answer = await callEndpoint(server.origin, "listMessages", { token: owner.token, path: [roomId], query });
    const page = answer.body as MessagePage;
    messages.unshift(...page.messages);
    if (!page.hasMore) return messages;
    query = `?limit=100&before=${page.messages[0]?.offset}`;
  }
}

type MessageFrame = Extract<ServerFrame, { type: "message" }>;
const inRoom = (wire: Wire, roomId: string): MessageFrame[] =>
  wire.frames.filter((frame): frame is MessageFrame => frame.type === "message" && frame.roomId === roomId);

/** Upserts by messageId that keep the higher version: all that a client has to do. */
function apply(state: Map<string, Message>, messages: readonly Message[]): Map<string, Message> {
  for (const message of messages) {
    const held = state.get(message.messageId);
    if (held === undefined || held.version < message.version) state.set(message.messageId, message);
  }
  return state;
}

const byOffset = (messages: Iterable<Message>): Message[] => [...messages].sort((a, b) => a.offset - b.offset);

async function withWires<T>(run: (wires: Wire[]) => Promise<T>): Promise<T> {
  const wires = await Promise.all(people.map((person) => openWire(server.origin, { token: person.token })));
  try {
    return await run(wires);
  } finally {
    await Promise.all(wires.map((wire) => wire.close()));
  }
}

test("one order without holes for all subscribers, and state plus events equals a fresh fetch", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 60 }), fc.nat(40), async (acts, joinsAfter) => {
      const { roomId } = await makeRoom();
      await withWires(async (wires) => {
        for (const wire of wires) await wire.ask("subscribe", { roomId });
        const known: string[] = [];
        const late = await openWire(server.origin, { token: owner.token });
        let lateState: { offset: number; messages: Message[] } | undefined;
        // Three people at once, each in their own order; a fourth subscribes somewhere in the middle.
        let done = 0;
        await Promise.all(
          wires.map(async (wire, who) => {
            for (const each of acts.filter((candidate) => candidate.who === who)) {
              await perform(wire, roomId, each, known);
              done += 1;
              if (done === joinsAfter) lateState = await late.ask("subscribe", { roomId });
            }
          }),
        );
        lateState ??= await late.ask("subscribe", { roomId });
        const last = await wires[0]?.ask("sendMessage", { roomId, message: "the last one" });
        const end = last?.offset ?? 0;
        await Promise.all(
          [...wires, late].map((wire) => wire.find("message", (f) => f.roomId === roomId && f.offset === end)),
        );

        const [first = [], ...others] = wires.map((wire) => inRoom(wire, roomId));
        expect(first.map((frame) => frame.offset)).toEqual(first.map((_, index) => index + 1));
        for (const other of others) expect(other).toEqual(first);
        const { offset } = lateState;
        // What it holds already may come once more, which changes nothing; what it does not hold comes in order.
        expect(inRoom(late, roomId).filter((frame) => frame.offset > offset)).toEqual(
          first.filter((frame) => frame.offset > offset),
        );

        const fresh = await freshFetch(roomId);
        const seen = apply(
          new Map(),
          first.map((frame) => frame.message),
        );
        expect(byOffset(seen.values())).toEqual(fresh);
        const caughtUp = apply(new Map(), lateState.messages);
        apply(
          caughtUp,
          inRoom(late, roomId).map((frame) => frame.message),
        );
        const oldest = Math.min(...[...caughtUp.values()].map((message) => message.offset));
        expect(byOffset(caughtUp.values())).toEqual(fresh.filter((message) => message.offset >= oldest));
        await late.close();
      });
    }),
    { numRuns: 25, seed },
  );
});

test("resume from any offset gives what changed since, in its current state, or nothing at all", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 90 }), async (acts) => {
      const { roomId } = await makeRoom();
      await withWires(async (wires) => {
        const [wire] = wires;
        if (wire === undefined) throw new Error("nobody is connected");
        const start = await wire.ask("subscribe", { roomId });
        const known: string[] = [];
        for (const each of acts) await perform(wires[each.who] ?? wire, roomId, each, known);
        const fresh = await freshFetch(roomId);
        const head = Math.max(0, ...fresh.map((message) => message.version));
        await wire.find("message", (frame) => frame.roomId === roomId && frame.offset === head);
        const events = inRoom(wire, roomId).map((frame) => frame.message);
        const visitor = await openWire(server.origin, { token: owner.token });
        for (let since = 0; since <= head; since += 1) {
          const resumed = await visitor.ask("subscribe", { roomId, since: { epoch: start.epoch, offset: since } });
          const changed = fresh.filter((message) => message.version > since);
          if (changed.length > 60) {
            expect(resumed.recovered).toBe(false);
            expect(byOffset(resumed.messages)).toEqual(fresh.slice(-resumed.messages.length));
          } else {
            expect(resumed.recovered).toBe(true);
            expect(byOffset(resumed.messages)).toEqual(changed);
            const state = apply(
              new Map(),
              events.filter((message) => message.version <= since),
            );
            expect(byOffset(apply(state, resumed.messages).values())).toEqual(fresh);
          }
          expect(resumed.offset).toBe(head);
          await visitor.ask("unsubscribe", { roomId });
        }
        for (const since of [
          { epoch: "another", offset: 1 },
          { epoch: start.epoch, offset: head + 1 },
        ]) {
          expect((await visitor.ask("subscribe", { roomId, since })).recovered).toBe(false);
        }
        await visitor.close();
      });
    }),
    { numRuns: 12, seed },
  );
});

test("the same clientId is the same message, whoever asks how often and at once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          who: fc.nat(2),
          key: fc.nat(5),
          text: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ""),
        }),
        {
          minLength: 10,
          maxLength: 40,
        },
      ),
      async (sends) => {
        const { roomId } = await makeRoom();
        await withWires(async (wires) => {
          const answers = await Promise.all(
            sends.map(async ({ who, key, text }): Promise<ReplyData<"sendMessage"> | undefined> => {
              // Half over the socket, half over HTTP.
              const clientId = `key-${key}`;
              if (text.length % 2 === 0) return wires[who]?.ask("sendMessage", { roomId, message: text, clientId });
              const answer = await people[who]?.call("sendMessage", [roomId], { message: text, clientId });
              expect(answer?.status).toBe(201);
              return answer?.body;
            }),
          );
          const firsts = new Map<string, string>();
          sends.forEach(({ who, key }, index) => {
            const id = answers[index]?.messageId ?? "";
            expect(firsts.get(`${who}/${key}`) ?? id).toBe(id);
            firsts.set(`${who}/${key}`, id);
          });
          expect(answers.filter((answer) => answer?.duplicate === false)).toHaveLength(firsts.size);
          const fresh = await freshFetch(roomId);
          expect(fresh.map((message) => message.messageId).sort()).toEqual([...firsts.values()].sort());
        });
      },
    ),
    { numRuns: 15, seed },
  );
});
