import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { startMailServer } from "../packages/server/test/support/mail.server.ts";
import { callEndpoint } from "../packages/server/test/support/people.ts";
import { expectAccessible } from "./support/axe.ts";
import { composer, messageWith, openRoom, say } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import { actUntil, expectCount, longPatience } from "./support/waiting.ts";

const mail = await startMailServer();
const stage = createStage(freshServer({ SMTP_URL: mail.url, MAIL_FROM: "foyer@people.example" }));
afterAll(() => mail.stop());

/**
 * The page that the newest letter like this leads to, once `count` of them have come to an address: a path of the server
 * of this test.
 */
async function linkIn(pattern: RegExp, to: string, count = 1): Promise<string> {
  const links = () =>
    mail.letters
      .filter((letter) => letter.to.includes(to) && pattern.test(letter.text))
      .map(({ text }) => /https?:\/\/[^/\s]+(\/[\w-]+#[\w-]+)/.exec(text)?.[1]);
  // What could not be handed over at once is tried again some time later.
  await expect.poll(() => links().length, { message: `letters to ${to}`, timeout: longPatience }).toBe(count);
  const path = links().at(-1);
  if (path === undefined) throw new Error(`no link in: ${mail.letters.at(-1)?.text}`);
  return path;
}

test("a token for a program is made, shown once, used, and revoked", async () => {
  const { page, context } = await stage.enter(await stage.person("ada"));
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/settings/tokens");
  await page.getByText("No program acts as you").waitFor();
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make token" }).click();
  await dialog.getByText("Give it a name").waitFor();
  await expectAccessible(page, "a new token");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Alert bot");
  await dialog.getByRole("checkbox", { name: "Write" }).check();
  await dialog.getByRole("button", { name: "Make token" }).click();
  const secret = await dialog.getByRole("textbox", { name: "Token" }).inputValue();
  expect(secret.length).toBeGreaterThan(20);
  await expectAccessible(page, "the token, once");
  await dialog.getByRole("button", { name: "Copy the token" }).click();
  await dialog.getByRole("button", { name: "Copied" }).waitFor();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await expectCount(dialog, 0);
  await expect.poll(() => page.content()).not.toContain(secret);

  const send = () =>
    fetch(`${stage.server.origin}/api/rooms/general/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ message: "from the bot" }),
    });
  expect((await send()).status).toBe(201);
  // The use is written down beside the answer.
  const used = page.getByText(/last used (just now|.*minute)/);
  await actUntil(used, async () => void (await page.reload()));
  await page.getByRole("button", { name: "Revoke Alert bot" }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No program acts as you").waitFor();
  expect((await send()).status).toBe(401);
});

test("a token that administers is made by whoever may, does so, and is no key to what guards the account", async () => {
  const [owner, bo] = [await stage.person("ada"), await stage.person("bo")];
  const { page } = await stage.enter(owner);
  await page.goto("/settings/tokens");
  const dialog = page.getByRole("dialog");
  const make = async (name: string, scopes: readonly string[]): Promise<string> => {
    await page.getByRole("button", { name: "New token" }).click();
    await dialog.getByRole("textbox", { name: "Name" }).fill(name);
    for (const scope of ["Read", "Write", "Moderate", "Administer"]) {
      await dialog.getByRole("checkbox", { name: scope }).setChecked(scopes.includes(scope));
    }
    await dialog.getByRole("button", { name: "Make token" }).click();
    const secret = await dialog.getByRole("textbox", { name: "Token" }).inputValue();
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await expectCount(dialog, 0);
    return secret;
  };
  const admin = await make("Keeper of the house", ["Administer"]);
  const reader = await make("Reader", ["Read"]);
  const row = page.getByRole("listitem").filter({ hasText: "Keeper of the house" });
  await row.getByText("Administer", { exact: true }).waitFor();

  const { origin } = stage.server;
  const toModerator = { path: [bo.account.accountId], body: { role: "moderator" } };
  const refused = await callEndpoint(origin, "updateAccount", { token: reader, ...toModerator });
  expect([refused.status, refused.body]).toMatchObject([403, { code: "auth.scope_missing" }]);
  expect((await callEndpoint(origin, "updateAccount", { token: admin, ...toModerator })).status).toBe(200);
  // It reads nothing that it was not made for, and what asks for a fresh proof is not open to any token.
  const history = await callEndpoint(origin, "listMessages", { token: admin, path: ["general"] });
  expect(history.body).toMatchObject({ code: "auth.scope_missing" });
  const toOwner = { path: [bo.account.accountId], body: { role: "owner" } };
  const given = await callEndpoint(origin, "updateAccount", { token: admin, ...toOwner });
  expect([given.status, given.body]).toMatchObject([403, { code: "auth.step_up_required" }]);

  await page.goto("/admin/accounts");
  await page.getByRole("searchbox", { name: "Search by handle or name" }).fill("bo");
  await expect.poll(() => page.getByRole("combobox", { name: "Role of bo" }).inputValue()).toBe("moderator");
  await page.goto("/admin/audit");
  await page.getByText(/changed the role of .*bo.* from member to moderator/).waitFor();

  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Revoke Keeper of the house" }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expectCount(page.getByRole("button", { name: "Revoke Keeper of the house" }), 0);
  expect((await callEndpoint(origin, "listAccounts", { token: admin })).status).toBe(401);

  // Whoever may not administer is not offered it.
  const member = await stage.enter(bo);
  await member.page.goto("/settings/tokens");
  await member.page.getByRole("button", { name: "New token" }).click();
  await member.page.getByRole("dialog").getByRole("checkbox", { name: "Moderate" }).waitFor();
  await expectCount(member.page.getByRole("dialog").getByRole("checkbox", { name: "Administer" }), 0);
});

test("an address is confirmed by its letter, and a forgotten password set anew", async () => {
  // Letters of an earlier try are none of this one's.
  mail.letters.length = 0;
  const { page } = await stage.enter(await stage.person("grace"));
  await page.goto("/settings/email");
  await page.getByRole("textbox", { name: "E-mail address" }).fill("grace@people.example");
  await page.getByRole("button", { name: "Save address" }).click();
  await page.getByText("Not confirmed").waitFor();
  await page.getByRole("button", { name: "Send the link again" }).click();
  await page.getByText("A link is on its way to grace@people.example", { exact: true }).waitFor();
  await expectAccessible(page, "the settings of the address");
  // The latest link is the good one.
  await page.goto(await linkIn(/verify-email/, "grace@people.example", 2));
  await page.getByRole("button", { name: "Confirm the address" }).click();
  await page.getByRole("heading", { name: "Your address is confirmed" }).waitFor();
  await expect.poll(() => new URL(page.url()).hash).toBe("");
  await page.getByRole("link", { name: "Settings of your e-mail address" }).click();
  await page.getByText("Confirmed", { exact: true }).waitFor();

  const visitor = await stage.visitor();
  await visitor.page.goto("/sign-in");
  await visitor.page.getByRole("link", { name: "Forgot your password?" }).click();
  await visitor.page.getByRole("textbox", { name: "Handle or e-mail" }).fill("grace");
  await visitor.page.getByRole("button", { name: "Send me the link" }).click();
  await visitor.page.getByRole("heading", { name: "Look into your e-mail" }).waitFor();
  await expectAccessible(visitor.page, "after a link was asked for");
  await visitor.page.goto(await linkIn(/reset-password/, "grace@people.example"));
  await visitor.page.getByLabel("New password", { exact: true }).fill("a whole new password");
  await visitor.page.getByLabel("New password again").fill("a whole new password");
  await visitor.page.getByRole("button", { name: "Set the password" }).click();
  await visitor.page.getByText("Your new password is set").waitFor();
  await visitor.page.getByRole("textbox", { name: "Handle or e-mail" }).fill("grace@people.example");
  await visitor.page.getByLabel("Password", { exact: true }).fill("a whole new password");
  await visitor.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await composer(visitor.page).waitFor();
});

test("a link that was used says what to do now", async () => {
  const visitor = await stage.visitor();
  visitor.expectFault(/status of 400/);
  await visitor.page.goto("/verify-email#used-long-ago");
  await visitor.page.getByRole("button", { name: "Confirm the address" }).click();
  await visitor.page.getByText("This link was used, is too old, or was never good").waitFor();
  await visitor.page.goto("/reset-password");
  await visitor.page.getByRole("heading", { name: "This link is not whole" }).waitFor();
});

test("somebody takes their data along and deletes their account; messages stay, without a name", async () => {
  const reader = await stage.enter(await stage.person("reader"));
  const { page } = await stage.enter(await stage.person("leaver"));
  await openRoom(page);
  await say(page, "I was here");
  await page.goto("/settings/data");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download my data" }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n");
  const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect(kinds[0]).toBe("export");
  expect(kinds.at(-1)).toBe("end");
  expect(kinds).toContain("message");

  await page.getByRole("button", { name: "Delete my account" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account" });
  await dialog.getByRole("textbox", { name: /^Type your handle/ }).fill("reader");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await dialog.getByText("This is not your handle").waitFor();
  await expectAccessible(page, "deleting an account");
  await dialog.getByRole("textbox", { name: /^Type your handle/ }).fill("@Leaver");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await page.getByText("Your account is deleted").waitFor();
  await openRoom(reader.page);
  const left = messageWith(reader.page, "I was here");
  await expect.poll(() => left.getAttribute("aria-label")).toMatch(/^Deleted account, /);
});
