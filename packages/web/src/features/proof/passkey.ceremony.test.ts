import { describe, expect, it } from "vitest";
import { SaidError } from "../../ui/error.text.ts";
import { PasskeyGivenUp, saidOf } from "./passkey.ceremony.ts";
import { proofTexts } from "./proof.texts.ts";

const failure = (name: string, code?: string) => Object.assign(new Error("of the browser"), { name, code });

describe("what a browser says about passkeys", () => {
  it("is told in words", () => {
    const told = (error: unknown) => saidOf(error, "refused").message;
    expect(told(failure("NotAllowedError"))).toBe("refused");
    expect(told(failure("InvalidStateError", "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED"))).toBe(
      proofTexts.passkeyKnown,
    );
    expect(told(failure("SecurityError", "ERROR_INVALID_RP_ID"))).toBe(proofTexts.passkeyElsewhere);
    expect(told(failure("UnknownError"))).toBe(proofTexts.passkeyUnable);
    expect(saidOf(undefined, "refused")).toBeInstanceOf(SaidError);
  });

  it("is nobody's business when the page itself asked for something else", () => {
    expect(saidOf(failure("AbortError", "ERROR_CEREMONY_ABORTED"), "refused")).toBeInstanceOf(PasskeyGivenUp);
  });
});
