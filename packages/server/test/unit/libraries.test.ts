import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { billOfMaterials } from "../../../../scripts/libraries/bill.of.materials.ts";
import { unpinned, unproven } from "../../../../scripts/libraries/inventory.ts";
import { overdue, remedyDays, reviewDays } from "../../../../scripts/libraries/time.frames.ts";

const day = (text: string) => Date.parse(`${text}T12:00:00Z`);
const weakness = {
  ...{ library: "left-pad", advisory: "GHSA-1", plan: "wait for 2.0", since: "2026-11-01" },
  ...{ severity: "high" as const, ships: true },
};
const record = { versions: "2026-11-01", advisories: null, open: [] };

test("a review and a remedy are late when their days are over, and not before", () => {
  expect(overdue(record, day("2027-01-30"))).toEqual([]);
  expect(overdue(record, day("2027-01-31"))).toEqual([expect.stringContaining("newest versions on 2026-11-01")]);
  expect(overdue({ ...record, advisories: "2026-10-01" }, day("2026-12-31"))).toHaveLength(1);
  const withOne = { ...record, open: [weakness] };
  expect(overdue(withOne, day("2026-11-08"))).toEqual([]);
  expect(overdue(withOne, day("2026-11-09"))).toEqual([expect.stringContaining("left-pad: GHSA-1 (high)")]);
  expect(overdue({ ...record, open: [{ ...weakness, ships: false }] }, day("2026-11-09"))).toEqual([]);
  expect(overdue({ ...record, open: [{ ...weakness, severity: "critical" }] }, day("2026-11-04"))).toHaveLength(1);
  expect(() => overdue({ ...record, versions: "soon" }, 0)).toThrow("not a day");
});

test("a version that is left open, a missing or weak hash and another source are found", () => {
  const dependencies = {
    ...{ a: "1.2.3", b: "^1.2.3", c: "latest", d: "npm:@x/e@1.0.0-beta.1", e: "npm:f@^1.0.0" },
    g: "git+https://example.org/g.git",
  };
  expect(unpinned("package.json", { dependencies }).map((line) => line.split(" ")[1])).toEqual(["b", "c", "e", "g"]);
  const good = { version: "1.0.0", integrity: "sha512-x" };
  const found = unproven({
    packages: {
      "": {},
      "packages/server": { version: "1.0.0" },
      "node_modules/ours": { link: true },
      "node_modules/good": { ...good, resolved: "https://registry.example/good/-/good-1.0.0.tgz" },
      "node_modules/a/node_modules/inside": { version: "1.0.0", inBundle: true },
      "node_modules/bare": { version: "1.0.0" },
      "packages/server/node_modules/bare": { version: "1.0.0" },
      "node_modules/weak": { ...good, integrity: "sha1-x" },
      "node_modules/git": { ...good, resolved: "git+ssh://git@example.org/g.git#1" },
      "node_modules/plain": { ...good, resolved: "http://registry.example/g.tgz" },
    },
  });
  expect(found.map((line) => line.split(" ")[1])).toEqual([
    "node_modules/bare",
    "packages/server/node_modules/bare",
    "node_modules/weak",
    "node_modules/git",
    "node_modules/plain",
  ]);
});

test("the list of a release has what ships, once, and nothing that is for development alone", () => {
  const shipped = { version: "1.0.0", license: "MIT", integrity: `sha512-${Buffer.from("hash").toString("base64")}` };
  const bill = billOfMaterials(
    {
      packages: {
        "": {},
        "packages/server": { version: "0.1.0" },
        "node_modules/ours": { link: true },
        "node_modules/@x/a": shipped,
        "packages/server/node_modules/@x/a": shipped,
        "node_modules/tool": { ...shipped, dev: true },
      },
    },
    { name: "foyer", version: "0.1.0" },
  );
  const purl = "pkg:npm/%40x/a@1.0.0";
  expect(bill).toMatchObject({ metadata: { component: { name: "foyer", version: "0.1.0" } } });
  expect((bill as { components: unknown }).components).toEqual([
    {
      ...{ type: "library", "bom-ref": purl, name: "@x/a", version: "1.0.0", purl },
      ...{ licenses: [{ expression: "MIT" }], hashes: [{ alg: "SHA-512", content: "68617368" }] },
    },
  ]);
});

test("SECURITY.md names the same days", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../SECURITY.md"), "utf8");
  for (const severity of ["critical", "high", "medium", "low"] as const) {
    const { ships, tools } = { ships: remedyDays.ships[severity], tools: remedyDays.tools[severity] };
    expect(text).toContain(`| ${severity} | ${ships} days | ${tools} days |`);
  }
  expect(text).toContain(`every ${reviewDays} days`);
});
