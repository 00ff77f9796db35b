import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryLimiter } from "./memory.limiter.ts";

const action = fc.record({ wait: fc.integer({ min: -50, max: 5000 }), tokens: fc.integer({ min: 1, max: 4 }) });

test("never gives more than the bucket held plus what flowed back, and is right about when to try again", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 10 }),
      fc.array(action, { maxLength: 200 }),
      (capacity, perSecond, actions) => {
        let now = 1_000_000;
        let forward = 0;
        const limiter = createMemoryLimiter({ now: () => now });
        let given = 0;
        for (const { wait, tokens } of actions) {
          now += wait;
          forward += Math.max(0, wait);
          const permit = limiter.take("k", { capacity, perSecond }, tokens);
          if (permit instanceof Promise) throw new Error("the limiter in memory answers at once");
          if (permit.ok) given += tokens;
          else {
            expect(permit.retryAfter).toBeGreaterThanOrEqual(1);
            if (tokens > capacity) continue;
            now += permit.retryAfter * 1000;
            forward += permit.retryAfter * 1000;
            expect(limiter.take("k", { capacity, perSecond }, tokens)).toMatchObject({ ok: true });
            given += tokens;
          }
        }
        expect(given).toBeLessThanOrEqual(capacity + (forward / 1000) * perSecond + 1e-6);
      },
    ),
  );
});

test("keys do not share tokens, and capacity 0 is unlimited", () => {
  const limiter = createMemoryLimiter({ now: () => 0 });
  const one = { capacity: 1, perSecond: 1 };
  expect(limiter.take("a", one)).toMatchObject({ ok: true });
  expect(limiter.take("a", one)).toEqual({ ok: false, retryAfter: 1 });
  expect(limiter.take("b", one)).toMatchObject({ ok: true });
  for (let i = 0; i < 100; i++) expect(limiter.take("c", { capacity: 0, perSecond: 0 })).toMatchObject({ ok: true });
});

test("keeps at most so many keys, and forgets the longest unused one first", () => {
  const limiter = createMemoryLimiter({ now: () => 0 }, 10);
  const one = { capacity: 1, perSecond: 1 };
  expect(limiter.take("kept", one)).toMatchObject({ ok: true });
  for (let i = 0; i < 1000; i++) {
    expect(limiter.take(`stranger-${i}`, one)).toMatchObject({ ok: true });
    expect(limiter.take("kept", one)).toMatchObject({ ok: false });
  }
  expect(limiter.size()).toBe(10);
});
