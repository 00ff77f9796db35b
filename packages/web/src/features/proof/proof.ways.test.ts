import { describe, expect, it } from "vitest";
import { codeOf, possibleWays, recoveryCodeOf } from "./proof.ways.ts";

describe("ways to show who one is", () => {
  it("leaves passkeys out where the browser has none", () => {
    expect(possibleWays(["totp", "passkey", "recovery_code"], true)).toEqual(["totp", "passkey", "recovery_code"]);
    expect(possibleWays(["passkey", "recovery_code"], false)).toEqual(["recovery_code"]);
    expect(possibleWays(["passkey"], false)).toEqual([]);
  });

  it("reads six digits however they are typed", () => {
    expect(codeOf(" 123 456 ")).toBe("123456");
    expect(codeOf("123-456")).toBe("123456");
    expect(codeOf("12345")).toBeUndefined();
    expect(codeOf("1234567")).toBeUndefined();
    expect(codeOf("12345a")).toBeUndefined();
  });

  it("lets recovery codes through as they were shown", () => {
    expect(recoveryCodeOf(" abcd-efgh-jkmn ")).toBe("abcd-efgh-jkmn");
    expect(recoveryCodeOf("abcd-ef")).toBeUndefined();
    expect(recoveryCodeOf("x".repeat(33))).toBeUndefined();
  });
});
