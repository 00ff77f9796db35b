import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import source from "./en.ts?raw";

/** Every text of a part of the catalogue with its path; functions are asked with a sample. */
function texts(part: unknown, path: string): [string, string][] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part === "function") return [[path, (part as (...sample: string[]) => string)("Mara", "Jonas")]];
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => texts(value, `${path}.${key}`));
}

describe("the English catalogue", () => {
  const all = texts(en, "en");

  it("has a text at every place", () => {
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("has no exclamation marks", () => {
    expect(all.filter(([, text]) => text.includes("!"))).toEqual([]);
  });

  it("merges the texts of every feature", () => {
    const missing = Object.keys(import.meta.glob("../../features/*/*.texts.ts")).filter(
      (file) => !source.includes(file),
    );
    expect(missing).toEqual([]);
  });
});
