import { afterAll, expect, test } from "vitest";
import { password } from "../packages/server/test/support/people.ts";
import { expectAccessible } from "./support/axe.ts";
import { named, plugAuthenticator, startProviders } from "./support/outside.ts";
import { composer } from "./support/room.ts";
import {
  addPasskey,
  codeOf,
  confirmByCode,
  giveUpStepUp,
  setUpTotp,
  stepUpOf,
  wrongCodeOf,
} from "./support/second.step.ts";
import { clockedServer, movingClock } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import type { Visitor } from "./support/visitor.ts";
import { expectCount } from "./support/waiting.ts";

const clock = movingClock();
const providers = await startProviders(clock);
const stage = createStage(clockedServer(clock, providers.env));
afterAll(() => providers.close());

/** Lets so much time pass that no sign-in before counts as a proof any more, which is ten minutes. */
const letProofsEnd = () => clock.advance(600_001);

/** What the server answers to requests of a path from now on, in their order: the status of each. */
function answersTo({ page }: Visitor, path: string): number[] {
  const statuses: number[] = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname === path) statuses.push(response.status());
  });
  return statuses;
}

test("deleting an account asks again for the password when the sign-in was long ago, and goes on by itself", async () => {
  const visitor = await stage.enter(await stage.person("patient"));
  visitor.expectFault(/status of 40[13]/);
  const { page } = visitor;
  const answers = answersTo(visitor, "/api/auth/account/delete");
  await page.goto("/settings/data");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("radio", { name: "Erase them" }).check();
  await page.getByRole("textbox", { name: /^Type your handle/ }).fill("patient");
  letProofsEnd();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await stepUpOf(page).getByLabel("Password", { exact: true }).fill("not the password");
  await expectAccessible(page, "the step-up over another dialog");
  await stepUpOf(page).getByRole("button", { name: "Confirm" }).click();
  await stepUpOf(page).getByText("This is not your password").waitFor();
  await stepUpOf(page).getByLabel("Password", { exact: true }).fill(password);
  await stepUpOf(page).getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Your account is deleted").waitFor();
  await expect.poll(() => answers).toEqual([403, 204]);
});

test("a code of the authenticator app confirms an act, and the old session is worth nothing any more", async () => {
  const visitor = await stage.enter(await stage.person("ida"));
  visitor.expectFault(/status of 40[13]/);
  const { page, context } = visitor;
  const { secret } = await setUpTotp(page, clock.now);
  const stolen = (await context.cookies()).find(({ name }) => name === "foyer")?.value ?? "";
  const answers = answersTo(visitor, "/api/auth/totp");
  letProofsEnd();
  await page.getByRole("button", { name: "Turn off the authenticator app" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await expectAccessible(page, "the step-up by a code");
  // A password that somebody watched is not enough where there is a second factor.
  await expectCount(stepUpOf(page).getByRole("button", { name: "Use the password" }), 0);
  await confirmByCode(page, wrongCodeOf(secret, clock.now()));
  await stepUpOf(page).getByText("This code is not right").waitFor();
  await confirmByCode(page, codeOf(secret, clock.now()));
  await page.getByRole("button", { name: "Set up an authenticator app" }).waitFor();
  await expectCount(stepUpOf(page), 0);
  await expect.poll(() => answers).toEqual([403, 204]);

  const withOld = await fetch(`${stage.server.origin}/api/auth/security`, {
    headers: { authorization: `Bearer ${stolen}` },
  });
  expect(withOld.status).toBe(401);
  await page.goto("/rooms/general");
  await composer(page).waitFor();
});

test("a passkey confirms an act", async () => {
  const visitor = await stage.enter(await stage.person("hedy"), named(stage));
  visitor.expectFault(/status of 403/);
  const { page, context } = visitor;
  const { unplug } = await plugAuthenticator(context, page);
  await addPasskey(page);
  const answers = answersTo(visitor, "/api/auth/recovery-codes");
  letProofsEnd();
  await page.getByRole("button", { name: "Make new codes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make new codes" }).click();
  await stepUpOf(page).getByRole("button", { name: "Use a passkey" }).waitFor();
  await expectAccessible(page, "the step-up by a passkey");
  await stepUpOf(page).getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect.poll(() => answers).toEqual([403, 200]);

  // Without it nothing is confirmed, and the act is not done.
  await unplug();
  letProofsEnd();
  await page.getByRole("button", { name: /^Remove / }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await stepUpOf(page).waitFor();
  await giveUpStepUp(page);
  await page.reload();
  await page.getByRole("button", { name: /^Remove / }).waitFor();
});

test("taking one's data along asks before the download begins", async () => {
  const { page } = await stage.enter(await stage.person("emilie"));
  await page.goto("/settings/data");
  letProofsEnd();
  await page.getByRole("button", { name: "Download my data" }).click();
  await stepUpOf(page).getByLabel("Password", { exact: true }).fill(password);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    stepUpOf(page).getByRole("button", { name: "Confirm" }).click(),
  ]);
  expect(await download.failure()).toBeNull();
});

test("an account that came by a provider alone confirms a dangerous act by signing in again", async () => {
  await stage.person("ada");
  const visitor = await stage.visitor(named(stage));
  visitor.expectFault(/status of 403/);
  const { page } = visitor;
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Sign in with OpenID Connect" }).click();
  await page.getByRole("link", { name: "Allow as Mallory (mallory)" }).click();
  await composer(page).waitFor();
  await page.goto("/settings/security");
  letProofsEnd();
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await stepUpOf(page).getByRole("link", { name: "Sign in with OpenID Connect" }).waitFor();
  await expectAccessible(page, "the way back to the provider");
  await stepUpOf(page).getByRole("link", { name: "Sign in with OpenID Connect" }).click();
  await page.getByRole("link", { name: "Allow as Mallory (mallory)" }).click();
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await page.getByRole("img", { name: /Picture for the authenticator app/ }).waitFor();
});

test("giving up a step-up changes nothing, and says so", async () => {
  const visitor = await stage.enter(await stage.person("emmy"), named(stage));
  visitor.expectFault(/status of 403/);
  const { page } = visitor;
  await page.goto("/settings/security");
  await page.getByText("You have no passkey yet.").waitFor();
  letProofsEnd();
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await stepUpOf(page).getByLabel("Password", { exact: true }).waitFor();
  await giveUpStepUp(page);
  await page.getByText("You have no passkey yet.").waitFor();
});
