import { expect, it } from "vitest";
import { codesFile, groupedKey } from "./secret.text.ts";

it("groups a key by four", () => {
  expect(groupedKey("JBSWY3DPEHPK3PXP")).toBe("JBSW Y3DP EHPK 3PXP");
  expect(groupedKey("ABCDEF")).toBe("ABCD EF");
  expect(groupedKey("")).toBe("");
});

it("writes codes into a file, one in a line", () => {
  expect(codesFile("Codes of ada", ["aaaa-bbbb", "cccc-dddd"])).toBe("Codes of ada\n\naaaa-bbbb\ncccc-dddd\n");
});
