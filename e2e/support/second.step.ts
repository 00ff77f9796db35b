import { readFileSync } from "node:fs";
import { Secret, TOTP } from "otpauth";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { password } from "../../packages/server/test/support/people.ts";
import { expectAccessible } from "./axe.ts";
import { actUntil, expectCount } from "./waiting.ts";

/** What an authenticator app shows at `now`, in milliseconds since 1970. */
export const codeOf = (secret: string, now: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now });

/** The next code but one step of time early, which the server takes: each code counts once, and this one is unused. */
export const nextCodeOf = (secret: string): string => codeOf(secret, Date.now() + 30_000);

/** A code that is wrong now, and a step of time before and after. */
export function wrongCodeOf(secret: string, now = Date.now()): string {
  const near = [-60_000, -30_000, 0, 30_000, 60_000].map((ahead) => codeOf(secret, now + ahead));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !near.includes(code)) ?? "";
}

/** Signs in by handle and password on the page for it. */
export async function fillSignIn(page: Page, handle: string): Promise<void> {
  await page.getByRole("textbox", { name: "Handle or e-mail" }).fill(handle);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Takes the session away from a window, with nothing on its way that would notice. */
export async function forgetSession(page: Page, context: BrowserContext): Promise<void> {
  await page.goto("about:blank");
  await context.clearCookies();
}

/** Sets an authenticator app up on the security page: its secret and the recovery codes. `now` as the server has it. */
export async function setUpTotp(page: Page, now = () => Date.now()): Promise<{ secret: string; codes: string[] }> {
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
  await dialog.getByRole("img", { name: /Picture for the authenticator app/ }).waitFor();
  await expectAccessible(page, "setting up an authenticator app");
  const secret = (await dialog.locator("code").innerText()).replaceAll(" ", "");
  await dialog.getByRole("textbox", { name: "Code" }).fill("12345");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await dialog.getByText("The code has six digits.").waitFor();
  await dialog.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, now()));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  return { secret, codes: await keepCodes(page) };
}

/** Reads the recovery codes that are shown once, downloads them, and says that they are kept. */
async function keepCodes(page: Page): Promise<string[]> {
  await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  await expectAccessible(page, "the recovery codes");
  const list = page.getByRole("dialog").getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect.poll(() => list.count()).toBeGreaterThanOrEqual(8);
  const codes = await list.allInnerTexts();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("foyer-recovery-codes.txt");
  const file = readFileSync(await download.path(), "utf8");
  expect(codes.every((code) => file.includes(code))).toBe(true);
  // They are shown once: neither Escape nor a press beside them takes them away.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText(/codes left/).waitFor();
  return codes;
}

/** Adds the first passkey of an account on the security page, and puts its recovery codes away. */
export async function addPasskey(page: Page): Promise<void> {
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("button", { name: /^Rename / }).waitFor();
}

/** A browser that does not offer passkeys in the field of the name. */
export async function withoutOffer(page: Page): Promise<void> {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
}

/** The question that comes before a dangerous act. */
export const stepUpOf = (page: Page) => page.getByRole("dialog", { name: "Confirm that it is you" });

/** Answers the question with a code of an authenticator app. */
export async function confirmByCode(page: Page, code: string): Promise<void> {
  await stepUpOf(page).getByRole("textbox", { name: "Code" }).fill(code);
  await stepUpOf(page).getByRole("button", { name: "Confirm" }).click();
}

/** Gives the question up. */
export async function giveUpStepUp(page: Page): Promise<void> {
  await actUntil(page.getByText("You have not confirmed that it is you"), () => page.keyboard.press("Escape"));
  await expectCount(stepUpOf(page), 0);
}
