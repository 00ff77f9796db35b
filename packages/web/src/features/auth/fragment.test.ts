import { expect, it } from "vitest";
import { fragmentOf } from "./fragment.ts";

it("reads the secret behind the mark", () => {
  expect(fragmentOf("#s3cr-_et")).toBe("s3cr-_et");
  expect(fragmentOf("#pending=a%2Bb&methods=totp")).toBe("pending=a%2Bb&methods=totp");
  expect(fragmentOf("")).toBeUndefined();
  expect(fragmentOf("#")).toBeUndefined();
});
