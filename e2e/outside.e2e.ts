import { startTwitch } from "@foyer/simulators/twitch";
import { afterAll, expect, test } from "vitest";
import { expectAccessible } from "./support/axe.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";

const twitch = await startTwitch();
const stage = createStage(
  freshServer({
    TWITCH_CLIENT_ID: twitch.app.clientId,
    TWITCH_CLIENT_SECRET: twitch.app.clientSecret,
    TWITCH_ID_URL: twitch.url,
    TWITCH_API_URL: twitch.url,
  }),
  { owner: null },
);
afterAll(() => twitch.close());

test("by Twitch and back: the token once, with a button to copy it, and signed in by a cookie of this site", async () => {
  const { page, context } = await stage.visitor();
  // Opened under one name of this machine; the way back from Twitch leads to the other.
  const url = stage.server.origin.replace("127.0.0.1", "localhost");
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
  await page.goto(`${stage.server.origin}/auth/twitch?permission_level=chatbot`);
  await page.getByRole("link", { name: "Allow as Ada (ada)" }).click();
  await page.getByRole("heading", { name: "Welcome, Ada" }).waitFor();
  await expectAccessible(page, "the page after Twitch");
  // The code is out of the address as soon as the page is there.
  await expect.poll(() => new URL(page.url()).search).toBe("");
  const token = await page.getByLabel("Token").inputValue();
  await page.getByRole("button", { name: "Copy the token" }).click();
  await page.getByText("Copied.").waitFor();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  const who = await fetch(`${url}/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await who.json()).toMatchObject({ account: { handle: "ada" }, permissionLevel: "chatbot" });
  const session = await page.evaluate(async () => (await fetch("/api/auth/session")).text());
  expect(JSON.parse(session)).toMatchObject({ account: { handle: "ada" } });
  const cookies = await context.cookies(url);
  expect(cookies.filter(({ name }) => name.startsWith("foyer-flow"))).toEqual([]);
  expect(cookies.find(({ name }) => name === "foyer")).toMatchObject({ httpOnly: true, sameSite: "Strict" });
});

test("who says no reads what happened, and finds the way back", async () => {
  const visitor = await stage.visitor();
  visitor.expectFault(/status of 403/);
  const { page } = visitor;
  await page.goto(`${stage.server.origin}/auth/twitch?return_to=/`);
  await page.getByRole("link", { name: "Do not allow it" }).click();
  await page.getByRole("heading", { name: "You were not signed in" }).waitFor();
  await expectAccessible(page, "the page after Twitch");
  await page.getByRole("link", { name: "Try again" }).click();
  await page.getByRole("link", { name: "Allow as Ada (ada)" }).waitFor();
});
