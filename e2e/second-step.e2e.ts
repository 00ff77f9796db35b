import { afterAll, expect, test } from "vitest";
import { expectAccessible } from "./support/axe.ts";
import { named, plugAuthenticator, startProviders } from "./support/outside.ts";
import { composer } from "./support/room.ts";
import {
  addPasskey,
  fillSignIn,
  forgetSession,
  nextCodeOf,
  setUpTotp,
  withoutOffer,
  wrongCodeOf,
} from "./support/second.step.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import { expectCount, expectPath } from "./support/waiting.ts";

const providers = await startProviders();
const stage = createStage(freshServer(providers.env));
afterAll(() => providers.close());

test("an authenticator app is set up, and asked for at the next sign-in; a recovery code stands in for it once", async () => {
  const person = await stage.person("edith");
  const { page } = await stage.enter(person);
  const { secret, codes } = await setUpTotp(page);

  const visitor = await stage.visitor();
  visitor.expectFault(/status of 401/);
  await visitor.page.goto("/sign-in");
  await fillSignIn(visitor.page, "edith");
  await visitor.page.getByRole("heading", { name: "One more step" }).waitFor();
  await expectAccessible(visitor.page, "the second step");
  // The browser has no passkey for an address of numbers, so none is offered.
  await expectCount(visitor.page.getByRole("button", { name: "Use a passkey" }), 0);
  await visitor.page.getByRole("textbox", { name: "Code" }).fill(wrongCodeOf(secret));
  await visitor.page.getByRole("button", { name: "Confirm" }).click();
  await visitor.page.getByText("This code is not right").waitFor();
  await visitor.page.getByRole("textbox", { name: "Code" }).fill(nextCodeOf(secret));
  await visitor.page.getByRole("button", { name: "Confirm" }).click();
  await composer(visitor.page).waitFor();

  const other = await stage.visitor();
  other.expectFault(/status of 401/);
  await other.page.goto("/sign-in");
  await fillSignIn(other.page, "edith");
  await other.page.getByRole("button", { name: "Use a recovery code" }).click();
  await other.page.getByRole("textbox", { name: "Recovery code" }).fill(codes[0] ?? "");
  await other.page.getByRole("textbox", { name: "Recovery code" }).press("Enter");
  await composer(other.page).waitFor();
  await other.page.goto("/settings/security");
  await other.page.getByText(`${codes.length - 1} codes left`).waitFor();

  await other.page.getByRole("button", { name: "Turn off the authenticator app" }).click();
  await other.page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await other.page.getByRole("button", { name: "Set up an authenticator app" }).waitFor();
});

test("a passkey is added and named, signs in alone, and is removed", async () => {
  const { page, context } = await stage.enter(await stage.person("grace"), named(stage));
  await plugAuthenticator(context, page);
  await addPasskey(page);
  await page.getByRole("button", { name: /^Rename / }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Key of the studio");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Rename Key of the studio" }).waitFor();
  await expectAccessible(page, "the passkeys");

  // The field of the name offers the passkey, and this authenticator takes whatever is offered.
  await forgetSession(page, context);
  await page.goto("/sign-in");
  await composer(page).waitFor();

  await forgetSession(page, context);
  await withoutOffer(page);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await composer(page).waitFor();
  await page.goto("/settings/security");
  await page
    .getByText(/last used (just now|.*minute)/)
    .first()
    .waitFor();

  await page.getByRole("button", { name: "Remove Key of the studio" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("You have no passkey yet.").waitFor();
});

test("a passkey is the second step of a sign-in by password", async () => {
  const entered = await stage.enter(await stage.person("hedy"), named(stage));
  entered.expectFault(/status of 401/);
  const { page, context } = entered;
  await plugAuthenticator(context, page);
  await addPasskey(page);
  await forgetSession(page, context);
  await withoutOffer(page);
  await page.goto("/sign-in");
  await fillSignIn(page, "hedy");
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await composer(page).waitFor();
});

test("whoever comes by Discord is asked for the code of their authenticator app, and is nobody before it", async () => {
  const { page } = await stage.enter(await stage.person("joan"), named(stage));
  await page.goto("/settings/sign-in");
  await page.getByRole("button", { name: "Connect Discord" }).click();
  await page.getByRole("link", { name: "Allow as Ada (ada.d)" }).click();
  await page.getByText("Discord is connected").waitFor();
  const { secret } = await setUpTotp(page);

  const visitor = await stage.visitor(named(stage));
  visitor.expectFault(/status of 401/);
  await visitor.page.goto("/rooms/general");
  await visitor.page.getByRole("link", { name: "Sign in with Discord" }).click();
  await visitor.page.getByRole("link", { name: "Allow as Ada (ada.d)" }).click();
  await visitor.page.getByRole("heading", { name: "One more step" }).waitFor();
  await expectAccessible(visitor.page, "the second step after a provider");
  // What goes on with the sign-in is out of the address at once, and no session is there before the code.
  await expect.poll(() => new URL(visitor.page.url()).hash).toBe("");
  const session = async () => (await visitor.context.cookies()).filter(({ name }) => name === "foyer").length;
  expect(await session()).toBe(0);
  await visitor.page.getByRole("textbox", { name: "Code" }).fill(wrongCodeOf(secret));
  await visitor.page.getByRole("button", { name: "Confirm" }).click();
  await visitor.page.getByText("This code is not right").waitFor();
  expect(await session()).toBe(0);
  await visitor.page.getByRole("textbox", { name: "Code" }).fill(nextCodeOf(secret));
  await visitor.page.getByRole("button", { name: "Confirm" }).click();
  await composer(visitor.page).waitFor();
  await expectPath(visitor.page, "/rooms/general");
  expect(await session()).toBe(1);
});

test("whoever comes by Twitch shows their passkey as the second step", async () => {
  const { page, context } = await stage.enter(await stage.person("mary"), named(stage));
  await plugAuthenticator(context, page);
  await page.goto("/settings/sign-in");
  await page.getByRole("button", { name: "Connect Twitch" }).click();
  await page.getByRole("link", { name: "Allow as Bo_Live (bo_live)" }).click();
  await page.getByText("Twitch is connected").waitFor();
  await addPasskey(page);

  await forgetSession(page, context);
  await withoutOffer(page);
  await page.goto("/sign-in?next=/settings/security");
  await page.getByRole("link", { name: "Sign in with Twitch" }).click();
  await page.getByRole("link", { name: "Allow as Bo_Live (bo_live)" }).click();
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByText(/last used (just now|.*minute)/).waitFor();
  await expectPath(page, "/settings/security");
});
