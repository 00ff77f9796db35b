import { setTimeout as sleep } from "node:timers/promises";
import { type Crowd, until } from "./crowd.ts";
import type { Dialect, Entry } from "./dialect.ts";

const text = "x".repeat(100);

/** Keys of messages are never used twice, over all measures of a run. */
let lastKey = Date.now() * 1_000;

function nextKey(): string {
  lastKey += 1;
  return String(lastKey);
}

/** What a measure worked with. `dialect` and `room` are those of the crowd. */
export interface Scene {
  crowd: Crowd;
  dialect: Dialect;
  room: string;
}

/**
 * What happened in the measured time; `busy` is the share of one core that the load itself took in it. `inAll` counts
 * deliveries (of `deliver`) or acknowledgements until everything under way had arrived: what the server's use of CPU
 * over the whole command goes with.
 */
export interface Figures {
  inAll: number;
  seconds: number;
  messages: number;
  deliveries: number;
  acknowledged: number;
  busy: number;
}

/**
 * Keeps `inFlight` messages under way for `seconds`: a message is under way until everybody in the crowd has it. Ten
 * members take turns in sending.
 */
export async function deliver(scene: Scene, inFlight: number, seconds: number): Promise<Figures> {
  const { crowd } = scene;
  const senders = Math.min(10, crowd.size);
  let sent = 0;
  let deliveries = 0;
  let acknowledged = 0;
  let running = true;
  const top = () => {
    while (running && sent - Math.floor(deliveries / crowd.size) < inFlight) {
      crowd.send(sent % senders, scene.dialect.message(scene.room, text, nextKey(), false));
      sent += 1;
    }
  };
  crowd.watch = {
    delivered(count) {
      deliveries += count;
      if (sent - deliveries / crowd.size <= inFlight - 1) top();
    },
    acknowledged(count) {
      acknowledged += count;
    },
  };
  const figures = await timed(seconds, top, () => ({ messages: sent, deliveries, acknowledged }));
  running = false;
  await until(() => deliveries >= sent * crowd.size, "everybody has every message");
  crowd.check();
  if (deliveries !== sent * crowd.size) throw new Error(`${deliveries} deliveries of ${sent} messages`);
  return { ...figures, inAll: deliveries };
}

/** Keeps `inFlight` unacknowledged messages under way for `seconds`, spread over all members of a small crowd. */
export async function acknowledge(scene: Scene, inFlight: number, seconds: number): Promise<Figures> {
  const { crowd } = scene;
  let messages = 0;
  let deliveries = 0;
  let acknowledged = 0;
  let running = true;
  const send = (by: number, count: number) => {
    messages += count;
    crowd.send(by, ...Array.from({ length: count }, () => scene.dialect.message(scene.room, text, nextKey(), true)));
  };
  // What was acknowledged by one read is replaced by one write.
  const owed = new Map<number, number>();
  const settle = () => {
    for (const [by, count] of owed) send(by, count);
    owed.clear();
  };
  crowd.watch = {
    delivered(count) {
      deliveries += count;
    },
    acknowledged(count, by) {
      acknowledged += count;
      if (!running) return;
      if (owed.size === 0) setImmediate(settle);
      owed.set(by, (owed.get(by) ?? 0) + count);
    },
  };
  const start = () => {
    for (let by = 0; by < crowd.size; by += 1) send(by, Math.floor(inFlight / crowd.size));
  };
  const figures = await timed(seconds, start, () => ({ messages, deliveries, acknowledged }));
  running = false;
  await until(() => acknowledged === messages, "every message is acknowledged");
  crowd.check();
  return { ...figures, inAll: acknowledged };
}

/** Sends `perSecond` messages one after another, and gives the time from sending to each receiver, in milliseconds. */
export async function latency(scene: Scene, perSecond: number, seconds: number): Promise<{ p50: number; p99: number }> {
  const { crowd } = scene;
  const rounds = Math.floor(perSecond * seconds);
  const times = new Float64Array(rounds * crowd.size);
  let taken = 0;
  let sentAt = 0;
  crowd.watch = {
    delivered(count) {
      const elapsed = performance.now() - sentAt;
      for (let each = 0; each < count; each += 1) times[taken++] = elapsed;
    },
    acknowledged() {},
  };
  for (let round = 1; round <= rounds; round += 1) {
    const planned = performance.now() + 1_000 / perSecond;
    sentAt = performance.now();
    crowd.send(round % 10, scene.dialect.message(scene.room, text, nextKey(), false));
    // A slow answer moves the next message: otherwise two would be measured with the clock of the later one.
    await until(() => taken >= round * crowd.size, "everybody has the message");
    await sleep(Math.max(1, planned - performance.now()));
  }
  crowd.check();
  const sorted = times.subarray(0, taken).sort();
  return { p50: sorted[Math.floor(taken * 0.5)] ?? 0, p99: sorted[Math.floor(taken * 0.99)] ?? 0 };
}

/**
 * Everybody joins, is cut, misses `missed` messages of `writer`, and comes back at once. Gives the seconds from the
 * first new connection until everybody has all that was missed.
 */
export async function reconnect(
  scene: Scene,
  writer: Crowd,
  fresh: readonly Entry[],
  missed: number,
): Promise<{ seconds: number }> {
  const { crowd, dialect } = scene;
  let received = 0;
  crowd.watch = {
    delivered(count) {
      received += count;
    },
    acknowledged() {},
  };
  await crowd.join(fresh);
  // The peer tells its place with a message; for Foyer, whose place is that of joining, it is one more to catch up on.
  await post(scene, writer, 1);
  await until(() => received === fresh.length, "everybody has the first message");
  const behind = dialect.placeOf ? missed : missed + 1;
  const entries = crowd.leave();
  await sleep(500);
  await post(scene, writer, missed);
  received = 0;
  const at = performance.now();
  const answered = await crowd.join(entries);
  received += answered;
  const expected = entries.length * behind;
  await until(
    () => received >= expected,
    () => `everybody has what was missed: ${received} of ${expected}`,
  );
  const seconds = (performance.now() - at) / 1_000;
  crowd.check();
  if (received !== expected) throw new Error(`${received} messages instead of ${expected}`);
  crowd.leave();
  return { seconds };
}

async function post(scene: Scene, writer: Crowd, count: number): Promise<void> {
  let received = 0;
  writer.watch = {
    delivered(more) {
      received += more;
    },
    acknowledged() {},
  };
  for (let each = 0; each < count; each += 1) {
    writer.send(0, scene.dialect.message(scene.room, text, nextKey(), false));
  }
  await until(() => received >= count * writer.size, "the writer has its own messages");
  writer.check();
}

async function timed(
  seconds: number,
  start: () => void,
  read: () => Pick<Figures, "messages" | "deliveries" | "acknowledged">,
): Promise<Omit<Figures, "inAll">> {
  const cpu = process.cpuUsage();
  const at = performance.now();
  start();
  await sleep(seconds * 1_000);
  const elapsed = (performance.now() - at) / 1_000;
  const used = process.cpuUsage(cpu);
  return { ...read(), seconds: elapsed, busy: (used.user + used.system) / 1e6 / elapsed };
}
