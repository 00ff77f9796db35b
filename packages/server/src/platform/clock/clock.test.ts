import fc from "fast-check";
import { expect, test } from "vitest";
import { createIds, isoTime } from "./clock.ts";

test("ids are UUIDv7 of their time and rise strictly, whatever the clock does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 50 }), (steps) => {
      let now = 1_800_000_000_000;
      const ids = createIds({ now: () => now });
      const made = steps.map((step) => {
        now += step;
        return ids.uuid();
      });
      for (const id of made)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect([...made].sort()).toEqual(made);
      expect(new Set(made).size).toBe(made.length);
    }),
  );
});

test("more ids than fit into one millisecond stay in order", () => {
  const ids = createIds({ now: () => 1_800_000_000_000 });
  const made = Array.from({ length: 10_000 }, () => ids.uuid());
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

test("times are ISO 8601 in UTC with milliseconds", () => {
  expect(isoTime(0)).toBe("1970-01-01T00:00:00.000Z");
});

test("secrets have the length that was asked for and differ", () => {
  const ids = createIds({ now: () => 0 });
  expect(Buffer.from(ids.secret(32), "base64url").length).toBe(32);
  expect(ids.secret(32)).not.toBe(ids.secret(32));
  expect(ids.fraction()).toBeLessThan(1);
});
