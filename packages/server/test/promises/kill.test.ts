import { setTimeout as wait } from "node:timers/promises";
import type { Message, MessagePage } from "@foyer/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../support/server.process.ts";
import { openWire, type Wire } from "../support/wire.ts";

const kills = 20;
const writers = 6;
const inFlight = 20;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ env: withoutLimits });
});
afterAll(() => server.dispose());

interface Acknowledged {
  messageId: string;
  offset: number;
}

/**
 * Somebody who writes as fast as the server acknowledges, and after every crash sends again, in the old order and under
 * the same clientIds, whatever was not acknowledged.
 */
class Writer {
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly #person: Person;
  readonly #unacknowledged = new Set<string>();
  #next = 0;
  #stopped = false;

  constructor(person: Person) {
    this.#person = person;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped || this.#unacknowledged.size > 0) {
      try {
        const wire = await openWire(server.origin, { token: this.#person.token });
        await this.#write(wire);
        await wire.close();
      } catch {
        // The server is down: that is the point of this test.
        await wait(30);
      }
    }
  }

  async #write(wire: Wire): Promise<void> {
    const flying: Promise<void>[] = [];
    const send = (clientId: string): void => {
      const sent = this.#send(wire, clientId);
      // Those behind the first that fails are sent again on the next connection.
      sent.catch(() => undefined);
      flying.push(sent);
    };
    for (const clientId of this.#unacknowledged) send(clientId);
    while (!this.#stopped || flying.length > 0) {
      while (!this.#stopped && flying.length < inFlight) {
        const clientId = `${this.#person.account.handle}-${this.#next}`;
        this.#next += 1;
        this.#unacknowledged.add(clientId);
        send(clientId);
      }
      await flying.shift();
    }
  }

  async #send(wire: Wire, clientId: string): Promise<void> {
    const reply = await wire.ask("sendMessage", { roomId: "general", message: `message ${clientId}`, clientId });
    this.acknowledged.set(clientId, { messageId: reply.messageId, offset: reply.offset });
    this.#unacknowledged.delete(clientId);
  }
}

async function wholeHistory(token: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (let before: number | undefined; ; ) {
    const query = before === undefined ? "?limit=100" : `?limit=100&before=${before}`;
    const answer = await callEndpoint(server.origin, "listMessages", { token, path: ["general"], query });
    const page = answer.body as MessagePage;
    messages.unshift(...page.messages);
    if (!page.hasMore) return messages;
    before = page.messages[0]?.offset;
  }
}

test(`kill -9 in mid-load, ${kills} times: what was acknowledged is there once and in order`, async () => {
  const people: Person[] = [];
  for (let index = 0; index < writers; index += 1) people.push(await registerPerson(server.origin, `writer-${index}`));
  const crowd = people.map((person) => new Writer(person));
  const running = crowd.map((writer) => writer.run());
  const total = (): number => crowd.reduce((sum, writer) => sum + writer.acknowledged.size, 0);

  for (let round = 0; round < kills; round += 1) {
    const before = total();
    while (total() < before + 50) await wait(5);
    // Another moment of the write path each time: between frames, in a transaction, before an acknowledgement leaves.
    await wait((round * 37) % 100);
    await server.kill();
    await server.start();
  }
  for (const writer of crowd) writer.stop();
  await Promise.all(running);

  const history = await wholeHistory(people[0]?.token ?? "");
  expect(history.map((message) => message.offset)).toEqual(history.map((_, index) => index + 1));
  expect(new Set(history.map((message) => message.messageId)).size).toBe(history.length);

  const places = new Map<string, Message[]>();
  for (const message of history) {
    const text = message.message;
    places.set(text, [...(places.get(text) ?? []), message]);
  }
  for (const writer of crowd) {
    let last = 0;
    for (const [clientId, { messageId, offset }] of [...writer.acknowledged].sort(bySequence)) {
      const found = places.get(`message ${clientId}`) ?? [];
      expect(found.map((message) => message.messageId)).toEqual([messageId]);
      expect(found[0]?.offset).toBe(offset);
      expect(offset).toBeGreaterThan(last);
      last = offset;
    }
  }
  expect(total()).toBe(history.length);
  expect(total()).toBeGreaterThan(kills * 50);
}, 240_000);

function bySequence([a]: [string, Acknowledged], [b]: [string, Acknowledged]): number {
  return Number(a.split("-").at(-1)) - Number(b.split("-").at(-1));
}
