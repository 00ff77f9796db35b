import type { MessagePage } from "@foyer/protocol";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { callEndpoint, type Person } from "../packages/server/test/support/people.ts";
import {
  chooseOn,
  composer,
  expectHighlighted,
  messageWith,
  openRoom,
  pressOn,
  say,
  sentMessage,
  watchHighlights,
} from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import type { Visitor } from "./support/visitor.ts";
import { actUntil, expectCount, expectTop, settledBox, topOf } from "./support/waiting.ts";

const stage = createStage(freshServer());

/** Two people in the same room. */
async function two(): Promise<{ ada: Visitor; grace: Visitor; persons: { ada: Person; grace: Person } }> {
  const persons = { ada: await stage.person("ada"), grace: await stage.person("grace") };
  const [ada, grace] = await Promise.all([stage.enter(persons.ada), stage.enter(persons.grace)]);
  await Promise.all([openRoom(ada.page), openRoom(grace.page)]);
  return { ada, grace, persons };
}

test("arrow up edits the last message of one's own", async () => {
  const { ada, grace } = await two();
  await say(ada.page, "The enigne is ready");
  await composer(ada.page).press("ArrowUp");
  await expect.poll(() => composer(ada.page).inputValue()).toBe("The enigne is ready");
  await composer(ada.page).fill("The engine is ready");
  await composer(ada.page).press("Enter");
  await messageWith(grace.page, "The engine is ready").filter({ hasText: "edited" }).waitFor();
  await expectCount(messageWith(grace.page, "The enigne"), 0);
  await expect.poll(() => composer(ada.page).inputValue()).toBe("");
});

test("reactions count on both sides and can be taken back", async () => {
  const { ada, grace } = await two();
  await say(ada.page, "Shall we begin?");
  await chooseOn(grace.page, "Shall we begin?", "React with 🎉");
  const onAda = sentMessage(ada.page, "Shall we begin?").getByRole("button", { name: "🎉, 1 person" });
  await onAda.waitFor();
  await expect.poll(() => onAda.getAttribute("aria-pressed")).toBe("false");
  await onAda.click();
  const onGrace = sentMessage(grace.page, "Shall we begin?").getByRole("button", { name: "🎉, 2 people" });
  await onGrace.waitFor();
  await expect.poll(() => onGrace.getAttribute("aria-pressed")).toBe("true");
  await onGrace.click();
  await onAda.waitFor();
});

test("an emoji of the picker can be a reaction, too", async () => {
  const { ada, grace } = await two();
  await say(ada.page, "Pick something");
  const search = grace.page
    .getByRole("searchbox", { name: "Find an emoji" })
    .or(grace.page.getByPlaceholder("Find an emoji"))
    .first();
  await pressOn(grace.page, "Pick something", "Add a reaction", search);
  await search.fill("fox");
  await grace.page.getByRole("gridcell", { name: /fox/i }).first().click();
  await sentMessage(ada.page, "Pick something").getByRole("button", { name: "🦊, 1 person" }).waitFor();
});

test("a reply shows what it answers, and leads there", async () => {
  const { ada, grace } = await two();
  await say(ada.page, "Who has the punched cards?");
  await chooseOn(grace.page, "Who has the punched cards?", "Reply");
  await say(grace.page, "They are with me");
  const reply = sentMessage(ada.page, "They are with me");
  const highlighted = await watchHighlights(ada.page);
  await reply.getByRole("button", { name: /In reply to ada/ }).click();
  await expectHighlighted(highlighted, "Who has the punched cards?");
});

test("deleting can be undone for some seconds, and is a tombstone afterwards", async () => {
  const { ada, grace } = await two();
  await say(ada.page, "Forget this one");
  await chooseOn(ada.page, "Forget this one", "Delete");
  await ada.page.getByRole("button", { name: "Undo" }).click();
  await sentMessage(ada.page, "Forget this one").waitFor();
  await chooseOn(ada.page, "Forget this one", "Delete");
  await messageWith(grace.page, "This message was deleted").waitFor();
  await expectCount(messageWith(grace.page, "Forget this one"), 0);
  await expectCount(messageWith(ada.page, "Forget this one"), 0);
});

test("mentions are completed and stand out for whoever is meant", async () => {
  const { ada, grace } = await two();
  await composer(ada.page).pressSequentially("Over to you, @gra");
  await ada.page.getByRole("option", { name: /grace/ }).first().click();
  await expect.poll(() => composer(ada.page).inputValue()).toContain("@grace");
  await composer(ada.page).press("Enter");
  await sentMessage(grace.page, "Over to you").waitFor();
  // It stands out for Grace alone.
  await expectCount(sentMessage(grace.page, "Over to you").locator("[data-self]").filter({ hasText: "@grace" }), 1);
  await expectCount(sentMessage(ada.page, "Over to you").locator("[data-self]"), 0);
});

test("typing is seen by the other, and ends", async () => {
  const { ada, grace } = await two();
  await composer(grace.page).pressSequentially("I am thi");
  await ada.page.getByText("grace is writing…").waitFor();
  await composer(grace.page).fill("");
  await ada.page.getByText("grace is writing…").waitFor({ state: "hidden" });
});

test("unread messages are counted in the list of rooms and divided off in the room", async () => {
  const { ada, grace, persons } = await two();
  const room = (await persons.ada.call("createRoom", [], { kind: "public", name: "Workshop" })).body as {
    roomId: string;
  };
  await persons.grace.call("joinRoom", [room.roomId]);
  await persons.ada.call("sendMessage", [room.roomId], { message: "seen before" });
  await openRoom(grace.page, room.roomId);
  await sentMessage(grace.page, "seen before").waitFor();
  await expect
    .poll(async () => ((await persons.grace.call("getRoom", [room.roomId])).body as { unread: number }).unread)
    .toBe(0);
  await openRoom(grace.page, "general");
  for (const text of ["first new", "second new", "third new @grace"]) {
    await persons.ada.call("sendMessage", [room.roomId], { message: text });
  }
  const inList = grace.page.getByRole("link", { name: /Workshop/ });
  await grace.page.getByRole("link", { name: /Workshop.*1 mention/ }).waitFor();
  await inList.click();
  await sentMessage(grace.page, "third new").waitFor();
  const divider = grace.page.getByText("New", { exact: true });
  await expect
    .poll(async () => {
      const lines = [sentMessage(grace.page, "seen before"), divider, sentMessage(grace.page, "first new")];
      const [before, between, after] = await Promise.all(lines.map(topOf));
      return { before, between, after };
    })
    .toSatisfy(({ before, between, after }) => before < between && between < after);
  await expectCount(grace.page.getByRole("link", { name: /Workshop.*(unread|mention)/ }), 0);
  // On another device of the same account, too.
  const elsewhere = await stage.enter(persons.grace);
  await openRoom(elsewhere.page, "general");
  await elsewhere.page.getByRole("link", { name: /Workshop/ }).waitFor();
  await expectCount(elsewhere.page.getByRole("link", { name: /Workshop.*(unread|mention)/ }), 0);
  await say(ada.page, "back in general");
});

/**
 * Scrolls up by so many pixels and watches the following frames, while rows are measured and older pages come in above:
 * whatever was on the screen has to be where the scrolling put it. Gives what was seen, and what moved by itself.
 */
function scrollUp(page: Page, pixels: number): Promise<{ seen: number[]; jumps: string[] }> {
  return page.evaluate(async (distance) => {
    const scroller = document.querySelector("[data-scroller]");
    if (scroller === null) throw new Error("there is no list");
    const read = (): Map<number, number> => {
      const tops = new Map<number, number>();
      for (const article of document.querySelectorAll("article")) {
        const { top } = article.getBoundingClientRect();
        if (top > 60 && top < 780) tops.set(Number(/card number (\d+)/.exec(article.textContent ?? "")?.[1]), top);
      }
      return tops;
    };
    const before = read();
    const moved = Math.min(distance, scroller.scrollTop);
    // By the reader's own hand: the list lets go of its end for nothing else.
    scroller.dispatchEvent(new WheelEvent("wheel", { bubbles: true, deltaY: -moved }));
    scroller.scrollTop -= moved;
    const jumps: string[] = [];
    let height = scroller.scrollHeight;
    let quiet = 0;
    let away = 0;
    // Until nothing has grown for some frames: on a slow machine that can be long after the scrolling.
    for (let frame = 0; (frame < 12 || quiet < 6) && frame < 300; frame += 1) {
      // After the frame, not before it: rows are measured and put right between the two.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      quiet = scroller.scrollHeight === height ? quiet + 1 : 0;
      height = scroller.scrollHeight;
      const now = read();
      const moves = [...before].filter(([number, top]) => {
        const after = now.get(number);
        return after !== undefined && Math.abs(after - top - moved) > 4;
      });
      away = moves.length === 0 ? 0 : away + 1;
      // New rows are estimated, drawn, measured and put right: that takes a frame or two, and more at first.
      if (frame < 6 || away < 3) continue;
      const [number, top] = moves[0] ?? [];
      jumps.push(`card ${number} is at ${now.get(number ?? 0)} instead of ${(top ?? 0) + moved} in frame ${frame}`);
    }
    if (away > 0 && jumps.length === 0) jumps.push(`the list has not come to rest, ${away} frames after it moved`);
    return { seen: [...before.keys(), ...read().keys()], jumps };
  }, pixels);
}

test("history loads upwards without moving what is being read, and permalinks jump into it", async () => {
  const { persons, ada } = await two();
  const room = (await persons.ada.call("createRoom", [], { kind: "public", name: "Archive of cards" })).body as {
    roomId: string;
  };
  for (let index = 0; index < 260; index += 1) {
    const message = `card number ${index}${index % 7 === 0 ? "\n\nwith a second paragraph\n\nand a third" : ""}`;
    expect((await persons.ada.call("sendMessage", [room.roomId], { message })).status).toBe(201);
  }
  await openRoom(ada.page, room.roomId);
  await sentMessage(ada.page, "card number 259").waitFor();
  const newest = sentMessage(ada.page, "card number 259");
  await expectTop(newest, { above: 0, below: 800 });
  await ada.page.locator("[data-scroller]").hover();
  const toLatest = ada.page.getByRole("button", { name: /Jump to the latest|new message/ });
  // A reader begins to scroll once what opened has come to rest.
  await settledBox(newest);
  await actUntil(toLatest, () => ada.page.mouse.wheel(0, -120));
  await settledBox(newest);
  await toLatest.waitFor();
  const seen = new Set<number>();
  const jumps: string[] = [];
  for (let step = 0; step < 200 && !seen.has(0); step += 1) {
    const watched = await scrollUp(ada.page, 350);
    for (const number of watched.seen) seen.add(number);
    jumps.push(...watched.jumps);
  }
  expect(seen.has(0)).toBe(true);
  expect([...Array(255).keys()].filter((number) => !seen.has(number))).toEqual([]);
  expect(jumps).toEqual([]);

  const page = (
    await callEndpoint(stage.server.origin, "listMessages", {
      token: persons.ada.token,
      path: [room.roomId],
      query: "?before=60&limit=1",
    })
  ).body as MessagePage;
  const target = page.messages[0];
  await ada.page.goto(`/rooms/${room.roomId}?message=${target?.messageId}`);
  const number = /card number \d+/.exec(target?.message ?? "")?.[0] ?? "nothing";
  const aim = ada.page.locator("article").filter({ hasText: new RegExp(`${number}\\b`) });
  await expectTop(aim, { above: 100, below: 700 });
  await toLatest.click();
  await expectTop(newest, { above: 0, below: 800 });
}, 400_000);
