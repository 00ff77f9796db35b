import { expect, test } from "vitest";
import { composer, openRoom, say, sentMessage } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage, phone } from "./support/stage.ts";
import { expectCount, expectPath, expectStill, settledBox } from "./support/waiting.ts";

const stage = createStage(freshServer());
const onPhone = { viewport: phone, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test("on a phone there is one column, the rooms lie behind a button, and targets are large enough", async () => {
  const person = await stage.person("ada");
  const room = (await person.call("createRoom", [], { kind: "public", name: "Workshop" })).body as { roomId: string };
  const { page } = await stage.enter(person, onPhone);
  await openRoom(page);
  await expectCount(page.getByRole("link", { name: "Workshop" }), 0);
  await page.getByRole("button", { name: "Show rooms" }).click();
  await page.getByRole("link", { name: "Workshop" }).click();
  await page.getByRole("heading", { name: "Workshop" }).waitFor();
  await expectPath(page, `/rooms/${room.roomId}`);
  await page.getByRole("link", { name: "Workshop" }).waitFor({ state: "hidden" });
  await say(page, "from a train");

  const small = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, a, input, textarea, [role=button]")]
        .filter(
          (element) => element.checkVisibility({ visibilityProperty: true }) && element.closest("article") === null,
        )
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(
          ({ box }) => box.width > 0 && box.bottom > 0 && box.top < innerHeight && (box.height < 40 || box.width < 40),
        )
        .map(({ element, box }) => `${element.outerHTML.slice(0, 120)} ${box.width}×${box.height}`),
    );
  await expect.poll(small, { message: "what is too small for a finger" }).toEqual([]);
  const bottom = await settledBox(composer(page));
  expect(bottom.y + bottom.height).toBeLessThanOrEqual(phone.height);
  expect(bottom.y).toBeGreaterThan(phone.height - 140);
});

test("a long press opens what can be done with a message", async () => {
  const person = await stage.person("grace");
  const { page } = await stage.enter(person, onPhone);
  await openRoom(page);
  await say(page, "press me for long");
  const message = sentMessage(page, "press me for long");
  const box = await settledBox(message);
  const client = await page.context().newCDPSession(page);
  const point = { x: box.x + 120, y: box.y + box.height / 2 };
  await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  const entry = page.getByRole("menuitem", { name: "Copy text" }).or(page.getByRole("button", { name: "Copy text" }));
  await entry.waitFor();
  // Letting go leaves it open.
  await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expectStill(page);
  await entry.waitFor();
});

test("a very long message, a long word and a wide table stay inside the screen", async () => {
  const person = await stage.person("joan");
  await person.call("sendMessage", ["general"], { message: "x".repeat(3_900) });
  await person.call("sendMessage", ["general"], {
    message: `| ${"column | ".repeat(20)}\n| ${"--- | ".repeat(20)}\n| ${"value | ".repeat(20)}`,
  });
  await person.call("sendMessage", ["general"], { message: `\`\`\`\n${"code ".repeat(200)}\n\`\`\`` });
  const { page } = await stage.enter(person, onPhone);
  await openRoom(page);
  await sentMessage(page, "code").waitFor();
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0);
});
