import { expect, test } from "vitest";
import { createSecretSearch } from "../support/secret.search.ts";

test("a secret is found in every form, wherever it stands", () => {
  const search = createSecretSearch();
  const secret = search.make("it");
  const around = ["", "a", "ab", "abc", "{"].map((before) => Buffer.from(`${before}${secret}, and more`));
  const places: Record<string, string | Buffer> = {
    JSON: JSON.stringify({ a: [secret] }),
    URL: `https://x.example/?a=${encodeURIComponent(secret)}`,
    form: new URLSearchParams({ a: secret }).toString(),
    bytes: Buffer.concat([Buffer.from([0, 255, 3]), Buffer.from(secret), Buffer.from([0])]),
  };
  for (const [at, bytes] of around.entries()) {
    for (const encoding of ["base64", "base64url", "hex", "utf8"] as const) {
      places[`${encoding} ${at}`] = bytes.toString(encoding);
    }
  }
  for (const [place, content] of Object.entries(places)) {
    expect([place, search.find({ [place]: content }).length > 0]).toEqual([place, true]);
  }
});

test("bytes are found as bytes and encoded, and what stands in a token inside of it alone", () => {
  const search = createSecretSearch();
  const key = Buffer.from([0, 255, 1, 254, 2, 253, 3, 252, 4, 251, 5, 250, 6, 249]);
  search.note("key", key);
  const claim = "somebody@people.example";
  search.noteInside("token", claim);
  const token = `e30.${Buffer.from(JSON.stringify({ email: claim })).toString("base64url")}.sig`;
  for (const place of [Buffer.concat([Buffer.from("ab"), key]), key.toString("hex"), key.toString("base64url")]) {
    expect(search.find({ place }).length).toBeGreaterThan(0);
  }
  expect(search.find({ place: `Bearer ${token}` })).toEqual(["place: token (base64)", "place: token (base64url)"]);
  expect(search.find({ place: claim })).toEqual([]);
});

test("at the very beginning, at the very end, and cut off", () => {
  const search = createSecretSearch();
  search.note("it", "a secret of tests");
  expect(search.find({ all: "a secret of tests" })).toEqual([
    "all: it (clear)",
    "all: it (lower case)",
    "all: it (JSON)",
  ]);
  expect(search.find({ end: Buffer.from("0123 a secret of tests") })).toHaveLength(3);
  expect(search.find({ cut: "a secret of test", none: "", few: "a s" })).toEqual([]);
});

test("what is not there is not found, what may be there is left out, and what is too short is refused", () => {
  const search = createSecretSearch();
  const secret = search.make("it");
  expect(search.find({ a: secret.slice(1), b: Buffer.from("nothing"), c: "" })).toEqual([]);
  expect(search.find({ a: secret }, ["it"])).toEqual([]);
  expect(() => search.note("code", "123456")).toThrow("too short");
});
