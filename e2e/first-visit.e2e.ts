import { expect, test } from "vitest";
import { password } from "../packages/server/test/support/people.ts";
import { composer, messageWith, openRoom, say, sentMessage } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import { expectCount, expectPath } from "./support/waiting.ts";

const stage = createStage(freshServer(), { owner: null });

test("the first account is made on a fresh server, and talks with a second browser", async () => {
  const ada = await stage.visitor();
  await ada.page.goto("/");
  await ada.page.getByRole("heading", { name: "Set up this server" }).waitFor();
  await ada.page.getByRole("textbox", { name: "Handle", exact: true }).fill("ada");
  await ada.page.getByRole("textbox", { name: "Display name" }).fill("Ada L.");
  await ada.page.getByLabel("Password", { exact: true }).fill("difference engine");
  await ada.page.getByRole("button", { name: "Create account" }).click();
  await composer(ada.page).waitFor();
  await expectPath(ada.page, "/rooms/general");

  const grace = await stage.visitor();
  await grace.page.goto("/");
  await grace.page.getByRole("link", { name: "Create account" }).click();
  await grace.page.getByRole("textbox", { name: "Handle", exact: true }).fill("Grace");
  await grace.page.getByLabel("Password", { exact: true }).fill("flow-matic 1955");
  await grace.page.getByRole("button", { name: "Create account" }).click();
  await composer(grace.page).waitFor();

  await say(ada.page, "Good evening, **Grace**");
  await messageWith(grace.page, "Good evening, Grace").waitFor();
  await say(grace.page, "Good evening, Ada");
  await sentMessage(ada.page, "Good evening, Ada").waitFor();
  const toGrace = messageWith(grace.page, "Good evening, Grace");
  await expect.poll(() => toGrace.locator("strong").innerText()).toBe("Grace");
  const toAda = sentMessage(ada.page, "Good evening, Ada");
  await expect.poll(() => toAda.getAttribute("aria-label")).toMatch(/^grace, /);

  await ada.page.reload();
  await sentMessage(ada.page, "Good evening, Ada").waitFor();
});

test("a wrong password is refused in words, and the right one leads to where one wanted to go", async () => {
  await stage.person("charles");
  const visitor = await stage.visitor();
  visitor.expectFault(/status of 401/);
  await visitor.page.goto("/rooms/general");
  await visitor.page.getByRole("textbox", { name: "Handle or e-mail" }).fill("charles");
  await visitor.page.getByLabel("Password", { exact: true }).fill("analytical engine");
  await visitor.page.getByRole("button", { name: "Sign in" }).click();
  await visitor.page.getByRole("alert").filter({ hasText: "Handle or password is wrong" }).waitFor();
  await visitor.page.getByLabel("Password", { exact: true }).fill(password);
  await visitor.page.getByRole("button", { name: "Sign in" }).click();
  await composer(visitor.page).waitFor();
  await expectPath(visitor.page, "/rooms/general");
});

test("a guest sees nothing where guests are not let in", async () => {
  await stage.person("charles");
  const visitor = await stage.visitor();
  await visitor.page.goto("/rooms/general");
  await visitor.page.getByRole("heading", { name: "Come in" }).waitFor();
  // Once all that the page asks the server is answered.
  await visitor.page.waitForLoadState("networkidle");
  await expectCount(visitor.page.getByRole("button", { name: /guest/ }), 0);
});

test("what somebody writes never runs", async () => {
  const [mallory, victim] = [await stage.person("mallory"), await stage.person("victim")];
  const reader = await stage.enter(victim);
  await openRoom(reader.page);
  const payloads = [
    "<script>document.title='pwned'</script>",
    '<img src=x onerror="document.title=`pwned`">',
    "[link](javascript:document.title='pwned')",
    "![picture](https://evil.example/track.png)",
    '<a href="data:text/html,<script>document.title=1</script>">data</a>',
    "`<svg onload=alert(1)>`",
  ];
  for (const message of payloads) {
    expect((await mallory.call("sendMessage", ["general"], { message })).status).toBe(201);
  }
  await messageWith(reader.page, "svg onload").waitFor();
  const found = await reader.page.evaluate(() => ({
    links: [...document.querySelectorAll("article a")].map((link) => link.getAttribute("href") ?? ""),
    elements: document.querySelectorAll("article img, article script").length,
    title: document.title,
  }));
  for (const href of found.links) expect(href).not.toMatch(/^(javascript|data):/i);
  expect(found.elements).toBe(0);
  expect(found.title).not.toContain("pwned");
});
