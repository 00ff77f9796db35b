import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { actUntil } from "./waiting.ts";

/** Where one writes. */
export const composer = (page: Page): Locator => page.getByRole("textbox", { name: /^message/i });

/** A message in the open room, by its text; with what is still being sent. */
export const messageWith = (page: Page, text: string): Locator => page.getByRole("article").filter({ hasText: text });

/** A message that the server has acknowledged. */
export const sentMessage = (page: Page, text: string): Locator =>
  page.locator("article:not([data-pending])").filter({ hasText: text });

/** Opens a room by its address and waits until one can write in it. */
export async function openRoom(page: Page, roomId = "general"): Promise<void> {
  await page.goto(`/rooms/${roomId}`);
  await composer(page).waitFor();
}

/** Writes a message and waits until the server has acknowledged it. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await sentMessage(page, text).waitFor();
}

/** Presses a button of the bar that a message shows while the mouse is over it, and waits for what opens. */
export async function pressOn(page: Page, text: string, button: string, effect: Locator): Promise<void> {
  const message = sentMessage(page, text);
  await actUntil(effect, async () => {
    await message.hover({ timeout: 10_000 });
    await message.getByRole("button", { name: button }).click({ timeout: 10_000 });
  });
}

/** Chooses an entry of a message's menu. */
export async function chooseOn(page: Page, text: string, entry: string | RegExp): Promise<void> {
  const item = page.getByRole("menuitem", { name: entry });
  await pressOn(page, text, "More actions", item);
  await item.click();
}

/** The list of the people of the open room, which is opened unless it is open. */
async function peopleOf(page: Page): Promise<Locator> {
  const list = page.getByLabel("People", { exact: true });
  const button = page.getByRole("button", { name: /^People: / });
  await button.waitFor();
  if ((await list.count()) === 0) await actUntil(list, () => button.click());
  return list;
}

/** Opens what one can do with somebody, from the list of people. */
export async function openCard(page: Page, handle: string): Promise<void> {
  const row = (await peopleOf(page)).getByRole("button", { name: new RegExp(handle) });
  // Whoever comes or goes at that moment moves to another part of the list.
  const card = page.getByRole("dialog").filter({ hasText: `@${handle}` });
  await actUntil(card, () => row.click());
}

/**
 * Notes which messages are pointed out from now on: that lasts for some seconds only. Gives what reads the texts of
 * those so far.
 */
export async function watchHighlights(page: Page): Promise<() => Promise<string[]>> {
  type Watching = typeof globalThis & { highlighted?: string[] };
  await page.evaluate(() => {
    const texts: string[] = [];
    (globalThis as Watching).highlighted = texts;
    const note = (): void => {
      for (const article of document.querySelectorAll("article[data-highlight=true]")) {
        if (article.checkVisibility()) texts.push(article.textContent ?? "");
      }
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
  });
  return () => page.evaluate(() => (globalThis as Watching).highlighted ?? []);
}

/** Waits until a message with this text has been pointed out. */
export async function expectHighlighted(highlighted: () => Promise<string[]>, text: string): Promise<void> {
  await expect.poll(highlighted).toContainEqual(expect.stringContaining(text));
}
