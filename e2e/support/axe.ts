import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { expectStill, patience } from "./waiting.ts";

/** What axe finds on the page as it is now: what is wrong, where, and how to mend it. */
async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) =>
        `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary?.split("\n")[1] ?? ""}`,
    ),
  );
}

/** Fails when the page, once it has come to rest, has violations that stay. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await expectStill(page);
  await expect
    .poll(() => violationsOf(page), { message: `accessibility of ${what}`, timeout: patience, interval: 1_000 })
    .toEqual([]);
}
