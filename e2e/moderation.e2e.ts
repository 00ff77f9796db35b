import { expect, test } from "vitest";
import { chooseOn, composer, messageWith, openCard, openRoom, say, sentMessage } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import type { Visitor } from "./support/visitor.ts";
import { expectCount, longPatience } from "./support/waiting.ts";

const stage = createStage(freshServer());

/** The owner of the server, in a room. */
async function moderator(): Promise<Visitor> {
  const visitor = await stage.enter(await stage.person("ada"));
  await openRoom(visitor.page);
  return visitor;
}

test("somebody who is timed out is told so, can read, and writes again when it is lifted", async () => {
  const ada = await moderator();
  const troll = await stage.enter(await stage.person("troll-one"));
  await openRoom(troll.page);
  await say(troll.page, "buy my coins");
  await openCard(ada.page, "troll-one");
  await ada.page.getByRole("button", { name: "Time out" }).click();
  await ada.page.getByRole("dialog", { name: "Time out troll-one" }).waitFor();
  await ada.page.getByRole("button", { name: /^Time out for 10 minutes/ }).click();
  await troll.page.getByText(/You can write again in/).waitFor();
  await expectCount(composer(troll.page), 0);
  await say(ada.page, "Please read the rules");
  await sentMessage(troll.page, "Please read the rules").waitFor();
  await openCard(ada.page, "troll-one");
  await ada.page.getByRole("button", { name: "Let write again" }).click();
  await composer(troll.page).waitFor();
  await say(troll.page, "I have read the rules");
});

test("the card about somebody stays open while they come and go", async () => {
  const ada = await moderator();
  const troll = await stage.enter(await stage.person("troll-coming-and-going"));
  await openRoom(troll.page);
  const people = ada.page.getByRole("button", { name: /^People: / });
  // Whoever left with the scenario before counts for some seconds more.
  const expectHere = async (count: number): Promise<void> => {
    const counted = () => people.innerText();
    await expect.poll(counted, { message: "people here", timeout: longPatience }).toBe(String(count));
  };
  await expectHere(2);
  await openCard(ada.page, "troll-coming-and-going");
  const onCard = ada.page.getByRole("button", { name: "Time out" });
  await onCard.waitFor();
  for (const away of [true, false, true]) {
    await (away ? troll.page.goto("about:blank") : openRoom(troll.page));
    await expectHere(away ? 1 : 2);
    await onCard.waitFor();
  }
  await ada.page.keyboard.press("Escape");
  await ada.page.getByRole("button", { name: /^troll-coming-and-going.*away/i }).waitFor();
});

test("a moderator deletes the message of somebody else, and undoing in time keeps it", async () => {
  const ada = await moderator();
  const troll = await stage.enter(await stage.person("troll-two"));
  await openRoom(troll.page);
  await say(troll.page, "rude words here");
  await sentMessage(ada.page, "rude words here").waitFor();
  await chooseOn(ada.page, "rude words here", "Delete message");
  await ada.page.getByRole("button", { name: "Undo" }).click();
  await sentMessage(ada.page, "rude words here").waitFor();
  await chooseOn(ada.page, "rude words here", "Delete message");
  await expectCount(messageWith(troll.page, "rude words here"), 0);
});

test("a ban puts somebody out of the room at once, and lifting it lets them back in", async () => {
  const ada = await moderator();
  const troll = await stage.enter(await stage.person("troll-three"));
  troll.expectFault(/status of (403|404)/);
  await openRoom(troll.page);
  await say(troll.page, "I will not go");
  await openCard(ada.page, "troll-three");
  await ada.page.getByRole("button", { name: "Ban from server" }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Ban troll-three from this server" });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Advertising");
  await dialog.getByRole("button", { name: "Ban", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  await troll.page.getByText(/You are banned/).waitFor();
  await troll.page.goto("/rooms/general");
  await troll.page
    .getByText(/You are banned/)
    .first()
    .waitFor();
  await expectCount(composer(troll.page), 0);
  await expectCount(messageWith(troll.page, "I will not go"), 0);

  await ada.page.goto("/admin/bans");
  await ada.page.getByText("Advertising").waitFor();
  await ada.page.getByRole("button", { name: "Lift ban of troll-three" }).click();
  await ada.page.getByText("The ban of troll-three is lifted").waitFor();
});

test("a report reaches the moderators with what was said, and is closed", async () => {
  const ada = await moderator();
  const [troll, member] = [await stage.person("troll-four"), await stage.enter(await stage.person("mary"))];
  await troll.call("sendMessage", ["general"], { message: "something nasty" });
  await openRoom(member.page);
  await chooseOn(member.page, "something nasty", "Report message");
  const dialog = member.page.getByRole("dialog", { name: "Report message" });
  await dialog.getByRole("textbox", { name: "What is wrong with it" }).fill("It is nasty");
  await dialog.getByRole("button", { name: "Send report" }).click();
  await member.page.getByText("Report sent to the moderators").waitFor();

  await ada.page.goto("/admin/reports");
  const report = ada.page.getByRole("listitem").filter({ hasText: "something nasty" });
  await report.getByText("It is nasty").waitFor();
  await report.getByRole("button", { name: "Dismiss" }).click();
  await expectCount(report, 0);
});

test("a word filter keeps a message from being sent, and the audit knows who made it", async () => {
  const ada = await moderator();
  await ada.page.goto("/admin/filters");
  await ada.page.getByRole("textbox", { name: "Words to keep out" }).fill("turnip");
  await ada.page.getByRole("button", { name: "Add filter" }).click();
  await ada.page.getByRole("listitem").filter({ hasText: "turnip" }).waitFor();
  const member = await stage.enter(await stage.person("joan"));
  await openRoom(member.page);
  await composer(member.page).fill("You Turnip!");
  await composer(member.page).press("Enter");
  await messageWith(member.page, "You Turnip!").getByText("Not sent.").waitFor();
  await ada.page.goto("/admin/audit");
  await ada.page
    .getByText(/word filter/i)
    .first()
    .waitFor();
});

test("an admin changes a role and suspends an account, which is signed out at once", async () => {
  const ada = await moderator();
  const person = await stage.person("radia");
  const radia = await stage.enter(person);
  radia.expectFault(/status of 40[13]|WebSocket/);
  await openRoom(radia.page);
  await ada.page.goto("/admin/accounts");
  await ada.page.getByRole("searchbox", { name: "Search by handle or name" }).fill("radia");
  await ada.page.getByRole("combobox", { name: "Role of radia" }).selectOption("moderator");
  await ada.page.getByText("radia is now").waitFor();
  await expect
    .poll(async () => ((await person.call("session")).body as { account: { role: string } }).account.role)
    .toBe("moderator");
  await ada.page.getByRole("button", { name: "Suspend radia" }).click();
  await ada.page.getByText("radia is suspended and signed out").waitFor();
  await radia.page.getByRole("heading", { name: "Come in" }).waitFor();
});
