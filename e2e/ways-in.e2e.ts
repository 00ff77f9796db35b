import { afterAll, expect, test } from "vitest";
import { password } from "../packages/server/test/support/people.ts";
import { expectAccessible } from "./support/axe.ts";
import { named, startProviders } from "./support/outside.ts";
import { composer } from "./support/room.ts";
import { stepUpOf } from "./support/second.step.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import { expectCount, expectPath } from "./support/waiting.ts";

const providers = await startProviders();
const stage = createStage(freshServer(providers.env));
afterAll(() => providers.close());

test("somebody comes in by Twitch and lands where they wanted to go", async () => {
  await stage.person("ada");
  const { page } = await stage.visitor(named(stage));
  await page.goto("/rooms/general");
  await page.getByRole("link", { name: "Sign in with Twitch" }).click();
  await page.getByRole("link", { name: "Allow as Ada (ada)" }).click();
  await composer(page).waitFor();
  await expectPath(page, "/rooms/general");

  await page.goto("/settings/sign-in");
  // Without a password Twitch is the only way in, and the page says why it stays.
  await page.getByText("This is your only way to sign in").waitFor();
  await expectCount(page.getByRole("button", { name: "Unlink Twitch" }), 0);
  await page.getByText("You have no password.").waitFor();
});

test("Discord is linked, a level raised at Twitch and lowered here, and Discord unlinked", async () => {
  const { page } = await stage.enter(await stage.person("grace"), named(stage));
  await page.goto("/settings/sign-in");
  await page.getByRole("button", { name: "Connect Discord" }).click();
  await page.getByRole("link", { name: "Allow as Ada (ada.d)" }).click();
  await page.getByText("Discord is connected").waitFor();
  await expect.poll(() => new URL(page.url()).search).toBe("");

  await page.getByRole("button", { name: "Connect Twitch" }).click();
  await page.getByRole("link", { name: "Allow as Bo_Live (bo_live)" }).click();
  await page.getByText("Twitch is connected").waitFor();

  await page.getByRole("button", { name: "Permissions at Twitch" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Moderator" }).check();
  await dialog.getByText("Twitch asks you to allow 11 things").click();
  await dialog.getByText("moderator:manage:banned_users").waitFor();
  await expectAccessible(page, "the choice of a level");
  await dialog.getByRole("button", { name: "Go on to Twitch" }).click();
  await page.getByText("moderator:manage:banned_users").waitFor();
  await page.getByRole("link", { name: "Allow as Bo_Live (bo_live)" }).click();
  const ways = page.getByRole("list", { name: "Your ways to sign in" });
  await ways.getByText("Moderator", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Permissions at Twitch" }).click();
  await dialog.getByRole("radio", { name: "Viewer" }).check();
  await dialog.getByRole("button", { name: "Change now" }).click();
  await ways.getByText("Viewer", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Unlink Discord" }).click();
  await expectAccessible(page, "the question about unlinking");
  await dialog.getByRole("button", { name: "Unlink" }).click();
  await page.getByRole("button", { name: "Connect Discord" }).waitFor();
});

test("a grant that Twitch has ended shows, and is connected again", async () => {
  const { page } = await stage.enter(await stage.person("hedy"), named(stage));
  await page.goto("/settings/sign-in");
  await page.getByRole("button", { name: "Connect Twitch" }).click();
  await page.getByRole("link", { name: "Allow as NoMail (nomail)" }).click();
  await page.getByText("Twitch is connected").waitFor();
  // As the server finds it out by and by; here the page is only told.
  await page.route("**/api/auth/links", async (route) => {
    const links = (await (await route.fetch()).json()) as { items: { status: string }[] };
    const items = links.items.map((link) => ({ ...link, status: "revoked", effectivePermissionLevel: null }));
    await route.fulfill({ json: { ...links, items } });
  });
  await page.reload();
  await page.getByText("Connection ended").waitFor();
  await expectAccessible(page, "a connection that has ended");
  await page.unroute("**/api/auth/links");
  await page.getByRole("button", { name: "Connect again with Twitch" }).click();
  await page.getByRole("link", { name: "Allow as NoMail (nomail)" }).click();
  await page.getByText("Twitch is connected").waitFor();
  await expectCount(page.getByText("Connection ended"), 0);
});

test("an address that somebody here has already is told in words, with the ways to go on", async () => {
  // Somebody who came by Twitch, where their address is verified.
  const first = await stage.visitor(named(stage));
  await stage.person("ada");
  await first.page.goto("/sign-in");
  await first.page.getByRole("link", { name: "Sign in with Twitch" }).click();
  await first.page.getByRole("link", { name: "Allow as Ada (ada)" }).click();
  await composer(first.page).waitFor();

  const visitor = await stage.visitor(named(stage));
  visitor.expectFault(/status of 409/);
  const { page } = visitor;
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Sign in with OpenID Connect" }).click();
  await page.getByRole("link", { name: "Allow as Ada Lovelace (ada)" }).click();
  await page.getByRole("heading", { name: "Is this you?" }).waitFor();
  await expectAccessible(page, "an address that is taken");
  await page.getByRole("link", { name: "Back to Foyer" }).click();
  await page.getByRole("heading", { name: "Come in" }).waitFor();
});

test("the password of an account is asked for when it came in by its provider, and the act goes on", async () => {
  const person = await stage.person("lise");
  const first = await stage.enter(person, named(stage));
  await first.page.goto("/settings/sign-in");
  await first.page.getByRole("button", { name: "Connect Discord" }).click();
  await first.page.getByRole("link", { name: "Allow as Mallory (mallory)" }).click();
  await first.page.getByText("Discord is connected").waitFor();

  const second = await stage.visitor(named(stage));
  second.expectFault(/status of 40[13]/);
  const { page } = second;
  await page.goto("/sign-in?next=/settings/security");
  await page.getByRole("link", { name: "Sign in with Discord" }).click();
  await page.getByRole("link", { name: "Allow as Mallory (mallory)" }).click();
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const dialog = stepUpOf(page);
  await dialog.getByLabel("Password", { exact: true }).fill("wrong");
  await expectAccessible(page, "the step-up");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await dialog.getByText("This is not your password").waitFor();
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await dialog.getByLabel("Password", { exact: true }).press("Enter");
  await page.getByRole("img", { name: /Picture for the authenticator app/ }).waitFor();
  await expectCount(dialog, 0);
  // The session was exchanged, and the window goes on with the new one.
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.goto("/rooms/general");
  await composer(page).waitFor();
});
