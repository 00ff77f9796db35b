import { describe, expect, it } from "vitest";
import { StampedCache } from "./stamped.cache.ts";

const forever = Number.POSITIVE_INFINITY;

describe("StampedCache", () => {
  const put = (cache: StampedCache<string>, key: string, ...tags: string[]) =>
    cache.put(key, `value of ${key}`, { stamp: cache.now(), expiresAt: forever, tags });

  it("gives back what was put until it expires", () => {
    const cache = new StampedCache<string>(10);
    cache.put("a", "A", { stamp: cache.now(), expiresAt: 100, tags: [] });
    expect(cache.get("a", 99)).toBe("A");
    expect(cache.get("a", 100)).toBeUndefined();
    expect(cache.get("b", 0)).toBeUndefined();
  });

  it("throws away by tag, and takes new values afterwards", () => {
    const cache = new StampedCache<string>(10);
    put(cache, "a", "red");
    put(cache, "b", "red", "blue");
    put(cache, "c", "blue");
    cache.invalidate("red");
    expect(["a", "b", "c"].map((key) => cache.get(key, 0) !== undefined)).toEqual([false, false, true]);
    put(cache, "a", "red");
    expect(cache.get("a", 0)).toBe("value of a");
    cache.clear();
    expect(cache.get("a", 0) ?? cache.get("c", 0)).toBeUndefined();
  });

  it("does not believe a value that was being read while its tag was thrown away", () => {
    const cache = new StampedCache<string>(10);
    const before = cache.now();
    cache.invalidate("red");
    cache.put("a", "old", { stamp: before, expiresAt: forever, tags: ["red"] });
    expect(cache.get("a", 0)).toBeUndefined();
    const beforeClear = cache.now();
    cache.clear();
    cache.put("a", "old", { stamp: beforeClear, expiresAt: forever, tags: ["red"] });
    expect(cache.get("a", 0)).toBeUndefined();
  });

  it("stays within its size, and stays right when tags without number are thrown away", () => {
    const cache = new StampedCache<string>(100);
    for (let index = 0; index < 1000; index += 1) put(cache, `key ${index}`, "red");
    const kept = Array.from({ length: 1000 }, (_, index) => cache.get(`key ${index}`, 0)).filter(Boolean);
    expect(kept).toHaveLength(100);
    expect(cache.get("key 999", 0)).toBeDefined();
    const before = cache.now();
    cache.invalidate("red");
    for (let index = 0; index < 1000; index += 1) cache.invalidate(`tag ${index}`);
    cache.put("late", "old", { stamp: before, expiresAt: forever, tags: ["red"] });
    expect(cache.get("late", 0)).toBeUndefined();
  });
});
