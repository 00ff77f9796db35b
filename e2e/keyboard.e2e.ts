import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { composer, openRoom, sentMessage } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import { expectCount, expectFocus } from "./support/waiting.ts";

const stage = createStage(freshServer(), { owner: null });

/** Presses Tab until what has the focus is called `name`. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press("Tab");
    const label = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return "";
      const labels =
        element instanceof HTMLInputElement
          ? [...(element.labels ?? [])].map((each) => each.textContent).join(" ")
          : "";
      return element.ariaLabel ?? (labels === "" ? element.textContent : labels) ?? "";
    });
    seen.push(label.slice(0, 40));
    if (name.test(label)) return;
  }
  throw new Error(`the Tab key never reaches ${name}; it goes to ${seen.join(" | ")}`);
}

/** What has the focus without a ring, or where it cannot be seen; empty when all is well. */
function unseenFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return "";
    const rings = [element, element.parentElement, element.parentElement?.parentElement].map((each) =>
      each ? getComputedStyle(each) : undefined,
    );
    const visible = rings.some(
      (style) => style !== undefined && (style.outlineStyle !== "none" || style.boxShadow !== "none"),
    );
    return visible && element.checkVisibility() ? "" : element.outerHTML.slice(0, 160);
  });
}

test("everything from signing up to answering a message works without a mouse", async () => {
  const { page } = await stage.visitor();
  await page.goto("/");
  await page.getByRole("heading", { name: "Set up this server" }).waitFor();
  // The first field has the focus.
  await expectFocus(page.getByRole("textbox", { name: "Handle", exact: true }));
  await page.keyboard.type("ada");
  await tabTo(page, /^Password/);
  await page.keyboard.type("difference engine");
  await page.keyboard.press("Enter");
  await composer(page).waitFor();
  await expectFocus(composer(page));
  await page.keyboard.type("written by hand");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("on two lines");
  await page.keyboard.press("Enter");
  await sentMessage(page, "on two lines").waitFor();

  const grace = await stage.person("grace");
  await grace.call("sendMessage", ["general"], { message: "an answer is due" });
  await sentMessage(page, "an answer is due").waitFor();
  // From the composer backwards into the list, to the newest message, and along its actions.
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Shift+Tab");
    if (await page.evaluate(() => document.activeElement?.closest("article") !== null)) break;
  }
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest("article")?.textContent))
    .toContain("an answer is due");
  await sentMessage(page, "an answer is due").focus();
  await sentMessage(page, "an answer is due").getByRole("button", { name: "Reply", exact: true }).waitFor();
  await tabTo(page, /^Reply$/);
  await page.keyboard.press("Enter");
  await page.getByText("Answering grace").waitFor();
  await expectFocus(composer(page));
  await page.keyboard.type("here it is");
  await page.keyboard.press("Enter");
  await sentMessage(page, "here it is")
    .getByRole("button", { name: /In reply to grace/ })
    .waitFor();

  await page.keyboard.press("ArrowUp");
  await expect.poll(() => composer(page).inputValue()).toBe("here it is");
  await page.keyboard.press("Escape");
  await expect.poll(() => composer(page).inputValue()).toBe("");
});

test("Control+K finds a room by its name, and focus is always to be seen", async () => {
  const person = await stage.person("second");
  const owner = await stage.person("third");
  await owner.call("createRoom", [], { kind: "private", name: "nowhere near" });
  await person.call("createRoom", [], { kind: "private", name: "Rehearsal" });
  const { page } = await stage.enter(person);
  await openRoom(page);
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Name of a room or person").fill("rehe");
  await expectCount(page.getByRole("dialog").getByRole("option"), 1);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Rehearsal" }).waitFor();
  await composer(page).waitFor();
  for (let press = 0; press < 25; press += 1) {
    await page.keyboard.press("Tab");
    await expect.poll(() => unseenFocus(page), { message: "what has the focus and does not show it" }).toBe("");
  }
});
