import type { RoomView } from "@foyer/protocol";
import { expect, test } from "vitest";
import type { Person } from "../../packages/server/test/support/people.ts";
import { expectAccessible } from "./axe.ts";
import { composer, openRoom, pressOn, say } from "./room.ts";
import { freshServer } from "./servers.ts";
import { createStage, desktop, phone } from "./stage.ts";
import { actUntil, expectCount } from "./waiting.ts";

/** Registers the accessibility tests of every page in one colour scheme. */
export function testPages(colorScheme: "light" | "dark"): void {
  const stage = createStage(freshServer());

  /** An owner with something on every page: rooms, people, messages of all kinds, a report, a ban, a filter. */
  const furnished = stage.once(async (): Promise<Person> => {
    const owner = await stage.person("ada");
    const [grace, troll] = [await stage.person("grace-with-a-name-as-long-as-it"), await stage.person("troll")];
    const room = (await owner.call("createRoom", [], { kind: "private", name: "Back stage", topic: "For the crew" }))
      .body as RoomView;
    await owner.call("createInvite", [room.roomId], { maxUses: 5 });
    await owner.call("createRoom", [], { kind: "direct", accountIds: [grace.account.accountId] });
    const text =
      "Some **bold** text with `code`, a [link](https://example.org) and a list:\n\n- one\n- two\n\n> quoted\n\n```ts\nconst answer: number = 42;\n```";
    const sent = (await grace.call("sendMessage", ["general"], { message: text })).body as { messageId: string };
    await owner.call("sendMessage", ["general"], {
      message: "An answer, @grace-with-a-name-as-long-as-it",
      replyTo: sent.messageId,
    });
    await owner.call("pinMessage", ["general", sent.messageId], { on: true });
    await owner.call("sendMessage", ["general"], { message: "word ".repeat(790) });
    const bad = (await troll.call("sendMessage", ["general"], { message: "nasty" })).body as { messageId: string };
    await grace.call("reportMessage", ["general", bad.messageId], { reason: "It is nasty" });
    await owner.call("banFromServer", [], { accountId: troll.account.accountId, reason: "Nasty" });
    await owner.call("createWordFilter", [], { kind: "pattern", expression: "b[a4]d+" });
    return owner;
  });

  const pages = [
    "/rooms/general",
    "/",
    "/search?q=text",
    "/settings/profile",
    "/settings/email",
    "/settings/sign-in",
    "/settings/security",
    "/settings/tokens",
    "/settings/notifications",
    "/settings/data",
    "/settings/appearance",
    "/admin/reports",
    "/admin/bans",
    "/admin/filters",
    "/admin/accounts",
    "/admin/integrations",
    "/admin/vault",
    "/admin/audit",
    "/alerts",
    "/alerts/here/guide",
    "/nowhere",
  ];
  const looks = [desktop, phone].map((viewport) => ({ colorScheme, viewport }));

  test.each(looks)(
    "no page has an accessibility violation: $colorScheme, $viewport.width wide",
    async (look) => {
      const visitor = await stage.enter(await furnished(), look);
      for (const path of pages) {
        await visitor.page.goto(path);
        await visitor.page.getByRole("heading").first().waitFor();
        await visitor.page.waitForLoadState("networkidle");
        await expectAccessible(visitor.page, path);
        const overflow = () => visitor.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        await expect.poll(overflow, { message: `${path} is wider than the window` }).toBeLessThanOrEqual(0);
      }
    },
    400_000,
  );

  test.each(looks)("signing in and up is accessible: $colorScheme, $viewport.width wide", async (look) => {
    await furnished();
    const visitor = await stage.visitor(look);
    const alone = [
      "/sign-in",
      "/forgot-password",
      "/reset-password#token",
      "/verify-email#token",
      "/sign-in/second-factor#pending=one&methods=totp,recovery_code",
      "/sign-up",
    ];
    for (const path of alone) {
      await visitor.page.goto(path);
      await visitor.page.getByRole("heading").first().waitFor();
      await visitor.page.waitForLoadState("networkidle");
      await expectAccessible(visitor.page, path);
    }
    await visitor.page.getByRole("button", { name: "Create account" }).click();
    await expectAccessible(visitor.page, "the form with errors");
  });

  test.each(looks)("what opens over a page is accessible: $colorScheme, $viewport.width wide", async (look) => {
    const { page } = await stage.enter(await furnished(), look);
    await openRoom(page);
    // In the list of people: a reply in the room names her, too.
    const grace = page.getByLabel("People", { exact: true }).getByRole("button", { name: /grace/ });
    await actUntil(grace, () => page.getByRole("button", { name: /^People: / }).click());
    await expectAccessible(page, "the list of people");
    await actUntil(page.getByRole("button", { name: "Send direct message" }), () => grace.click());
    await expectAccessible(page, "the card about somebody");
    await page.getByRole("button", { name: "Ban from room" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Reason" }).waitFor();
    await expectAccessible(page, "the dialog of a ban");
    await page.goto("/rooms/general");
    await composer(page).waitFor();
    await page.getByRole("button", { name: "More about this room" }).click();
    await page.getByRole("menuitem", { name: "Room settings" }).waitFor();
    await expectAccessible(page, "the menu of a room");
    await page.getByRole("menuitem", { name: "Room settings" }).click();
    await page.getByRole("textbox", { name: "Topic" }).waitFor();
    await expectAccessible(page, "the settings of a room");
  });

  test("a reader hears new messages, and the picker and the preview are accessible", async () => {
    const { page } = await stage.enter(await furnished(), { colorScheme });
    await openRoom(page);
    await say(page, "to be looked at");
    const entry = page.getByRole("menuitem", { name: "Copy link" });
    await pressOn(page, "to be looked at", "More actions", entry);
    await expectAccessible(page, "the menu of a message");
    await page.keyboard.press("Escape");
    await expectCount(entry, 0);
    await page.getByRole("button", { name: "Insert an emoji" }).click();
    await page.getByRole("gridcell").first().waitFor();
    await expectAccessible(page, "the emoji picker");
    await page.keyboard.press("Escape");
    await expectCount(page.getByRole("gridcell"), 0);
    await composer(page).fill("with **weight**");
    await page.getByRole("button", { name: "Show how it will look" }).click();
    await expectAccessible(page, "the preview");
    const grace = await stage.person("betty");
    await grace.call("sendMessage", ["general"], { message: "Can you hear me?" });
    await page
      .locator("[aria-live=polite]")
      .filter({ hasText: "betty: Can you hear me?" })
      .waitFor({ state: "attached" });
  });
}
