import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerpt, mentionedHandles, normalizeText } from "./message.text.ts";

describe("normalizeText", () => {
  it("keeps lines and tabs, and takes out control characters and trailing space", () => {
    expect(normalizeText("a\r\nb\tc\u0000\u0007\u007f  \n ", 100)).toBe("a\nb\tc");
  });

  it("refuses emptiness and excess, counting characters as people do", () => {
    expect(() => normalizeText(" \n\t", 10)).toThrow(expect.objectContaining({ code: "message.empty" }));
    expect(() => normalizeText("x".repeat(11), 10)).toThrow(expect.objectContaining({ code: "message.too_long" }));
    expect(normalizeText("🎉".repeat(10), 10)).toBe("🎉".repeat(10));
    expect(normalizeText("x".repeat(5000), 0)).toHaveLength(5000);
  });

  it("always gives well-formed text that stays as it is when normalised again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        let once: string;
        try {
          once = normalizeText(text, 0);
        } catch {
          return;
        }
        expect(once.isWellFormed()).toBe(true);
        expect(normalizeText(once, 0)).toBe(once);
      }),
    );
  });
});

describe("mentionedHandles", () => {
  it("finds handles once each, in lower case, and the room", () => {
    expect(mentionedHandles("@Ada and @bob.b, (@ada) @room!")).toEqual({ handles: ["ada", "bob.b"], room: true });
  });

  it("leaves code, addresses and paths alone", () => {
    const text = "`@ada` ```\n@bob\n``` mail@eve.example https://x.example/@zoe";
    expect(mentionedHandles(text)).toEqual({ handles: [], room: false });
  });

  it("stops at 25", () => {
    const text = Array.from({ length: 60 }, (_, n) => `@user${n}`).join(" ");
    expect(mentionedHandles(text).handles).toHaveLength(25);
  });

  it("copes with long texts of nothing but marks", () => {
    fc.assert(
      fc.property(fc.constantFrom("@a.", "@a-", "@", "`", "@a", "```"), (part) => {
        expect(mentionedHandles(part.repeat(4000)).handles.length).toBeLessThanOrEqual(25);
      }),
    );
  });
});

describe("excerpt", () => {
  it("is one line and cut between characters", () => {
    expect(excerpt("a\n\n b")).toBe("a b");
    expect([...excerpt("🎉".repeat(300))]).toHaveLength(140);
  });
});
