import { expect, test } from "vitest";
import { testClock } from "../../../../test/support/identity.ts";
import { createIds, systemClock } from "../../../platform/clock/clock.ts";
import { createHashingQueue } from "./hashing.queue.ts";
import { createLoadingCache } from "./loading.cache.ts";
import { createPasswordHasher } from "./password.hash.ts";

const hasher = createPasswordHasher({
  ids: createIds(systemClock),
  queue: createHashingQueue({ parallel: 2, waiting: 10 }),
});

test("passwords are kept as argon2id with a salt of their own, and nothing else verifies", async () => {
  const [one, two] = [await hasher.hash("hunter2hunter2"), await hasher.hash("hunter2hunter2")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await hasher.verify("hunter2hunter2", one)).toBe(true);
  expect(await hasher.verify("hunter2hunter3", one)).toBe(false);
  for (const nothing of [null, undefined, "", "plain", one.replace("argon2id", "argon2i")]) {
    expect(await hasher.verify("hunter2hunter2", nothing)).toBe(false);
  }
  // What stands in for an account that does not exist cannot be guessed right.
  expect(await hasher.verify("", null)).toBe(false);
});

test("reads hashes that others made, and knows the weak ones", async () => {
  // Of the argon2 command of the reference implementation: `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1`.
  const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  expect(await hasher.verify("password", reference)).toBe(true);
  expect(hasher.isOutdated(reference)).toBe(false);
  expect(hasher.isOutdated(reference.replace("m=65536", "m=4096"))).toBe(true);
});

test("only so many hashes run at once; more wait, and too many are refused at once", async () => {
  const queue = createHashingQueue({ parallel: 2, waiting: 3 });
  let running = 0;
  let most = 0;
  const finish: (() => void)[] = [];
  const work = () =>
    queue.run(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => finish.push(resolve));
      running -= 1;
    });
  const started = Array.from({ length: 5 }, work);
  await expect(work()).rejects.toMatchObject({ code: "server.busy", retryAfter: 2 });
  for (let done = 0; done < 5; done++) {
    await new Promise((resolve) => setImmediate(resolve));
    finish.shift()?.();
  }
  await Promise.all(started);
  expect([most, running]).toEqual([2, 0]);
  // One that fails gives its place back.
  for (let at = 0; at < 5; at++) await expect(queue.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await queue.run(async () => 7)).toBe(7);
});

test("the cache keeps lately used values, forgets on demand, and never keeps what was overtaken", async () => {
  const clock = testClock();
  const loads: string[][] = [];
  let gate: Promise<void> | undefined;
  const store = new Map([
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ]);
  const cache = createLoadingCache<number>({
    clock,
    size: 2,
    maxAge: 1000,
    load: async (keys) => {
      loads.push(keys);
      const found = new Map(keys.flatMap((key) => (store.has(key) ? [[key, store.get(key) ?? 0] as const] : [])));
      await gate;
      return found;
    },
  });
  expect(await cache.get(["a", "b", "a", "x"])).toEqual(
    new Map([
      ["a", 1],
      ["b", 2],
    ]),
  );
  await cache.get(["a"]);
  expect(loads).toEqual([["a", "b", "x"]]);
  // `b` was used longest ago and makes room for `c`.
  await cache.get(["c"]);
  await cache.get(["a"]);
  expect(loads).toHaveLength(2);
  await cache.get(["b"]);
  expect(loads).toHaveLength(3);

  cache.forget("a");
  let open = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const old = cache.get(["a"]);
  store.set("a", 10);
  cache.forget("a");
  gate = undefined;
  open();
  expect((await old).get("a")).toBe(1);
  expect((await cache.get(["a"])).get("a")).toBe(10);
  store.set("a", 11);
  expect((await cache.get(["a"])).get("a")).toBe(10);
  clock.advance(1001);
  expect((await cache.get(["a"])).get("a")).toBe(11);
});
