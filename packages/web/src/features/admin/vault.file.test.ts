import { describe, expect, it } from "vitest";
import { endOf } from "./vault.file.ts";

const base64url = (value: object) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const line = (header: object) => `${base64url(header)}..iv.${"x".repeat(500)}.tag\n`;
const first = `${JSON.stringify({ foyer: "vault", version: 1, sum: "", key: "x".repeat(300) })}\n`;
const end = { links: 12, credentials: 9, unopened: 1 };

describe("endOf", () => {
  it("says what the last line says of the whole file", async () => {
    const lines = Array.from({ length: 40 }, (_, at) => line({ alg: "dir", enc: "A256GCM", n: at + 1 }));
    const file = new Blob([first, ...lines, line({ alg: "dir", enc: "A256GCM", n: 41, end })]);
    expect(await endOf(file)).toEqual(end);
    expect(await endOf(new Blob([first, line({ n: 1, end })]))).toEqual(end);
  });

  it("knows a file that is broken off", async () => {
    const whole = [first, line({ n: 1 }), line({ n: 2, end })].join("");
    for (const text of [
      "",
      first,
      [first, line({ n: 1 })].join(""),
      whole.slice(0, first.length + 20),
      whole.slice(0, -1),
    ]) {
      expect(await endOf(new Blob([text]))).toBeUndefined();
    }
  });
});
