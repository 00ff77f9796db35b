import { FoyerError } from "@foyer/client";
import { describe, expect, it } from "vitest";
import { createStepUp } from "./step.up.ts";

const refused = new FoyerError("auth.step_up_required", "again", { status: 403, methods: ["totp"] });

describe("the step-up", () => {
  it("asks once for all that wait, and tells each of them", async () => {
    const stepUp = createStepUp();
    const waiting = [stepUp.recover(refused), stepUp.recover(refused)];
    expect(stepUp.current()?.methods).toEqual(["totp"]);
    stepUp.current()?.settle(true);
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect(stepUp.current()).toBeUndefined();
  });

  it("asks anew after an answer", async () => {
    const stepUp = createStepUp();
    const first = stepUp.recover(refused);
    stepUp.current()?.settle(false);
    expect(await first).toBe(false);
    const second = stepUp.ask(["password"]);
    expect(stepUp.current()?.methods).toEqual(["password"]);
    stepUp.current()?.settle(true);
    expect(await second).toBe(true);
  });

  it("leaves every other refusal alone", async () => {
    const stepUp = createStepUp();
    expect(await stepUp.recover(new FoyerError("auth.forbidden", "no", { status: 403 }))).toBe(false);
    expect(stepUp.current()).toBeUndefined();
  });

  it("tells whoever listens, until they stop", () => {
    const stepUp = createStepUp();
    let told = 0;
    const stop = stepUp.subscribe(() => {
      told += 1;
    });
    void stepUp.ask([]);
    expect(told).toBe(1);
    stop();
    stepUp.current()?.settle(false);
    expect(told).toBe(1);
  });
});
