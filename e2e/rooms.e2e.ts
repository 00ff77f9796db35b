import type { RoomView } from "@foyer/protocol";
import { expect, test } from "vitest";
import { composer, expectHighlighted, openCard, openRoom, say, sentMessage, watchHighlights } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import type { Visitor } from "./support/visitor.ts";
import { expectCount, expectPath } from "./support/waiting.ts";

const stage = createStage(freshServer());

/** The owner of the server. */
const ada = async (): Promise<Visitor> => stage.enter(await stage.person("ada"));

test("a private room is made, and an invite link lets a stranger in by way of a new account", async () => {
  const host = await ada();
  await openRoom(host.page);
  await host.page.getByRole("button", { name: "New room" }).click();
  const dialog = host.page.getByRole("dialog", { name: "New room" });
  await dialog.getByText("Private", { exact: true }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Back stage");
  await dialog.getByRole("button", { name: "Create room" }).click();
  await host.page.getByRole("heading", { name: "Back stage" }).waitFor();
  await say(host.page, "Nobody but us");

  await host.page.getByRole("button", { name: "More about this room" }).click();
  await host.page.getByRole("menuitem", { name: "Room settings" }).click();
  await host.page.getByRole("tab", { name: "Invite links" }).click();
  await host.page.getByRole("button", { name: "Create link" }).click();
  const field = host.page.getByRole("textbox", { name: "Invite link" });
  await expect.poll(() => field.inputValue()).toMatch(/^http.*\/invite\/.{16,}/);
  const link = await field.inputValue();

  const stranger = await stage.visitor();
  await stranger.page.goto(new URL(link).pathname);
  await stranger.page.getByText("Back stage").waitFor();
  await stranger.page
    .getByRole("link", { name: "Create account" })
    .or(stranger.page.getByRole("button", { name: "Create account" }))
    .click();
  await stranger.page.getByRole("textbox", { name: "Handle", exact: true }).fill("edsger");
  await stranger.page.getByLabel("Password", { exact: true }).fill("considered harmful");
  await stranger.page.getByRole("button", { name: "Create account" }).click();
  await stranger.page.getByRole("button", { name: "Join Back stage" }).click();
  await sentMessage(stranger.page, "Nobody but us").waitFor();
  await say(stranger.page, "Thank you for the key");
  await sentMessage(host.page, "Thank you for the key").waitFor();

  const outsider = await stage.enter(await stage.person("outsider"));
  outsider.expectFault(/status of 404/);
  const path = new URL(host.page.url()).pathname;
  await outsider.page.goto(path);
  await outsider.page
    .getByText(/does not exist, or you may not see it/)
    .first()
    .waitFor();
  await expectCount(outsider.page.getByText("Nobody but us"), 0);
});

test("a withdrawn invite link says so", async () => {
  const host = await ada();
  const owner = await stage.person("ada");
  const room = (await owner.call("createRoom", [], { kind: "private", name: "Locked" })).body as { roomId: string };
  const invite = (await owner.call("createInvite", [room.roomId], {})).body as { token: string; inviteId: string };
  expect((await owner.call("revokeInvite", [room.roomId, invite.inviteId])).status).toBe(204);
  host.expectFault(/status of (404|410)/);
  await host.page.goto(`/invite/${invite.token}`);
  await host.page.getByText("This invitation does not work any more").waitFor();
});

test("a direct message is opened from the list of people and seen by nobody else", async () => {
  const host = await ada();
  const guest = await stage.enter(await stage.person("tony"));
  await openRoom(guest.page);
  await openRoom(host.page);
  await openCard(host.page, "tony");
  await host.page.getByRole("button", { name: "Send direct message" }).click();
  await host.page.getByRole("heading", { name: "tony" }).waitFor();
  await say(host.page, "Between you and me");
  await guest.page.getByRole("link", { name: /ada.*unread/ }).click();
  await sentMessage(guest.page, "Between you and me").waitFor();
});

test("search finds what was said where one may read, and leads to it", async () => {
  const host = await ada();
  await openRoom(host.page);
  for (const text of ["The quick brown fox", "jumps over the lazy dog", "and a second fox, elsewhere"])
    await say(host.page, text);
  await host.page.getByRole("link", { name: "Search in this room" }).click();
  await host.page.getByRole("searchbox", { name: "Search messages" }).fill("fox");
  const hits = host.page.getByRole("main").getByRole("listitem").filter({ hasText: "fox" });
  await expectCount(hits, 2);
  await expect.poll(() => hits.first().locator("mark").first().innerText()).toBe("fox");
  const highlighted = await watchHighlights(host.page);
  await hits.filter({ hasText: "quick" }).getByRole("link").click();
  await expectHighlighted(highlighted, "The quick brown fox");
});

test("settings of a room take effect for everybody in it", async () => {
  const host = await ada();
  const owner = await stage.person("ada");
  const room = (await owner.call("createRoom", [], { kind: "public", name: "Lobby" })).body as { roomId: string };
  const guest = await stage.enter(await stage.person("barbara"));
  await openRoom(guest.page, room.roomId);
  await openRoom(host.page, room.roomId);
  await host.page.getByRole("button", { name: "More about this room" }).click();
  await host.page.getByRole("menuitem", { name: "Room settings" }).click();
  await host.page.getByRole("textbox", { name: "Name" }).fill("Front lobby");
  await host.page.getByRole("textbox", { name: "Topic" }).fill("Tickets and coats");
  await host.page.getByRole("button", { name: "Save settings" }).click();
  await guest.page.getByRole("heading", { name: "Front lobby" }).waitFor();
  await guest.page.getByText("Tickets and coats").first().waitFor();
});

test("sessions are listed, and signing out another device ends it", async () => {
  const person = await stage.person("donald");
  const [here, there] = [await stage.enter(person), await stage.enter(person)];
  there.expectFault(/status of 401|WebSocket/);
  await openRoom(there.page);
  await here.page.goto("/settings/security");
  await here.page.getByText("This device").waitFor();
  await here.page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await here.page.getByRole("button", { name: /^Sign out \d+ other session/ }).click();
  await here.page.getByText("All other sessions are signed out").waitFor();
  await there.page.getByRole("heading", { name: "Come in" }).waitFor();
  await openRoom(here.page);
  await composer(here.page).waitFor();
});

test("the profile and the password can be changed", async () => {
  const person = await stage.person("alan");
  const alan = await stage.enter(person);
  await alan.page.goto("/settings/profile");
  await alan.page.getByRole("textbox", { name: "Display name" }).fill("Alan T.");
  await alan.page.getByRole("button", { name: "Save profile" }).click();
  await alan.page.getByText("Profile saved").waitFor();
  await alan.page.goto("/settings/sign-in");
  await alan.page.getByLabel("Current password").fill("correct horse battery");
  await alan.page.getByLabel("New password", { exact: true }).fill("a universal machine");
  await alan.page.getByLabel("New password again").fill("a universal machine");
  await alan.page.getByRole("button", { name: "Change password" }).click();
  await alan.page.getByText(/Password changed/).waitFor();
  await openRoom(alan.page);
  await say(alan.page, "still me");
  await sentMessage(alan.page, "still me").getByText("Alan T.").waitFor();
});

test("whoever chooses a room while the first one is still on its way gets there", async () => {
  const owner = await stage.person("ada");
  const { roomId } = (await owner.call("createRoom", [], { kind: "public", name: "Elsewhere" })).body as RoomView;
  const { page } = await ada();
  const held = Promise.withResolvers<void>();
  await page.route(/\/assets\/room\.page-[^/]*\.js/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto("/");
  await page.getByRole("link", { name: "Elsewhere" }).click();
  await expectPath(page, `/rooms/${roomId}`);
  // The list of rooms changes, and with it the page that is still shown.
  await owner.call("updateRoom", [roomId], { name: "Far away" });
  await page.getByRole("link", { name: "Far away" }).waitFor();
  held.resolve();
  await page.getByRole("heading", { name: "Far away", level: 1 }).waitFor();
  await expectPath(page, `/rooms/${roomId}`);
});
