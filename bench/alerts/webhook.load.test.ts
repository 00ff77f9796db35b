import { expect, test } from "vitest";
import { quantile } from "./webhook.load.ts";

test("a quantile is a value that was measured, by the nearest rank", () => {
  const values = [40, 10, 30, 20];
  expect([0, 0.5, 0.51, 0.99, 1].map((q) => quantile(values, q))).toEqual([10, 20, 30, 40, 40]);
  expect(quantile([], 0.5)).toBeNaN();
});
