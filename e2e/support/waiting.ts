import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Longer than one step takes on a machine that is slow and busy, in milliseconds. */
export const patience = 45_000;

/** Longer than a server believes in somebody who has gone without a word, or a page waits to come back, in milliseconds. */
export const longPatience = 90_000;

/** How long the effect of a press is waited for before it is pressed again, in milliseconds. */
const secondTry = 10_000;

/** Waits until a locator finds this many things. */
export async function expectCount(locator: Locator, count: number): Promise<void> {
  await expect.poll(() => locator.count(), { message: `how many there are of ${locator.toString()}` }).toBe(count);
}

/** Waits until the window is at this path. */
export async function expectPath(page: Page, path: string): Promise<void> {
  await expect.poll(() => new URL(page.url()).pathname).toBe(path);
}

/** Waits until a thing has the focus. */
export async function expectFocus(locator: Locator): Promise<void> {
  await expect.poll(() => locator.evaluate((element) => element === document.activeElement)).toBe(true);
}

/**
 * Does something, and does it again when its effect does not show: what is hovered or pressed may be drawn anew, or
 * move, at that very moment.
 */
export async function actUntil(effect: Locator, act: () => Promise<void>): Promise<void> {
  await expect
    .poll(
      async () => {
        await act();
        await effect.waitFor({ timeout: secondTry });
        return true;
      },
      { message: `the effect: ${effect.toString()}`, timeout: 2 * patience },
    )
    .toBe(true);
}

/** Where a thing is on the screen, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where a thing is, once it has stood still for some frames. */
export async function settledBox(locator: Locator): Promise<Box> {
  let last = "";
  let box: Box | null = null;
  await expect
    .poll(
      async () => {
        const before = last;
        box = await locator.boundingBox({ timeout: secondTry });
        last = JSON.stringify(box);
        return box !== null && last === before;
      },
      { message: `${locator.toString()} stands still` },
    )
    .toBe(true);
  return box ?? { x: Number.NaN, y: Number.NaN, width: 0, height: 0 };
}

/** Where a thing stands on the screen now, in pixels from the top; not a number while it has no place. To be polled. */
export async function topOf(locator: Locator): Promise<number> {
  return (await locator.boundingBox({ timeout: secondTry }))?.y ?? Number.NaN;
}

/** Waits until a thing is so far down the screen, in pixels from the top. */
export async function expectTop(locator: Locator, { above, below }: { above: number; below: number }): Promise<void> {
  await expect
    .poll(() => topOf(locator), { message: `where ${locator.toString()} is: after ${above} and before ${below}` })
    .toSatisfy((top: number) => top > above && top < below);
}

/** Waits until nothing on the page is on its way: no transition, no font that is still to come. */
export async function expectStill(page: Page): Promise<void> {
  const moving = () =>
    page.evaluate(() => {
      const running = document.getAnimations().filter(({ playState, effect }) => {
        return playState === "running" && effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY;
      });
      return running.length + (document.fonts.status === "loading" ? 1 : 0);
    });
  await expect.poll(moving, { message: "what moves on the page" }).toBe(0);
}
