import { expect, it } from "vitest";
import { pendingOf } from "./pending.step.ts";

it("reads what a provider's way back brought", () => {
  expect(pendingOf("pending=p-1_x&methods=totp,recovery_code")).toEqual({
    pending: "p-1_x",
    methods: ["totp", "recovery_code"],
  });
  expect(pendingOf("pending=p&methods=passkey,something-new")).toEqual({ pending: "p", methods: ["passkey"] });
  expect(pendingOf("pending=p&methods=")).toBeUndefined();
  expect(pendingOf("methods=totp")).toBeUndefined();
  expect(pendingOf(undefined)).toBeUndefined();
});
