import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startBrowser } from "./support/browser.ts";
import { composer, sentMessage } from "./support/room.ts";
import { expectCount, patience } from "./support/waiting.ts";

const repository = join(import.meta.dirname, "..");
let folder = "";
let browser: Browser | undefined;
let demo: ChildProcess | undefined;
let said = "";

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "foyer-demo-test-"));
  said = "";
  browser = await startBrowser();
});
afterEach(async () => {
  // A try that failed must leave nothing, to the next one neither: the whole group goes.
  if (demo?.pid !== undefined && demo.exitCode === null) process.kill(-demo.pid, "SIGKILL");
  demo = undefined;
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts what npm run demo starts, and waits for the last line of what it says at first. */
async function start(): Promise<void> {
  const child = spawn(process.execPath, [join(repository, "scripts/demo.mjs")], {
    cwd: repository,
    env: { PATH: process.env.PATH ?? "", HOME: folder, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  demo = child;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the demo does not come up:\n${said}`)), 120_000);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes("Ctrl-C ends everything")) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${said}`)));
  });
}

const addressOf = (name: string) => new RegExp(`^  ${name} +(http://\\S+)`, "m").exec(said)?.[1] ?? "";

test("npm run demo: whoever goes live on its page of Twitch is announced in Discord, in a room and on phones", {
  timeout: 300_000,
}, async () => {
  await start();
  expect(said).not.toContain("Could not be set up");

  const open = async (): Promise<Page> => {
    const page = await browser?.newPage();
    if (page === undefined) throw new Error("the browser is not up yet");
    page.setDefaultTimeout(patience);
    return page;
  };
  const [twitch, discord, phones, foyer] = [await open(), await open(), await open(), await open()];
  await twitch.goto(addressOf("Twitch"));
  const ada = twitch
    .locator("article.channel")
    .filter({ has: twitch.getByRole("heading", { name: "Ada", exact: true }) });
  await ada.getByLabel("Title").fill("Chess at the *fire* @everyone");
  await ada.getByRole("button", { name: "Go live" }).click();
  await ada.locator(".state").filter({ hasText: "live" }).waitFor();

  await discord.goto(addressOf("Discord"));
  const alert = discord.locator(".message").filter({ hasText: "Chess at the *fire* @everyone" });
  await alert.waitFor();
  await expectCount(alert.locator(".pings").filter({ hasText: "everyone" }), 0);
  await phones.goto(addressOf("Phones"));
  await phones.locator("article").filter({ hasText: "Ada" }).first().waitFor();

  await foyer.goto(addressOf("Foyer"));
  const password = /password: (.+)/.exec(said)?.[1] ?? "";
  await foyer.getByLabel("Handle or e-mail").fill("ada");
  await foyer.getByLabel("Password", { exact: true }).fill(password);
  await foyer.getByRole("button", { name: "Sign in", exact: true }).click();
  await composer(foyer).waitFor();
  await foyer.getByRole("link", { name: /Live now/ }).click();
  await sentMessage(foyer, "Chess at the").waitFor();

  await ada.getByRole("button", { name: "End", exact: true }).click();
  await alert.locator(".edited").waitFor();

  const gone = new Promise<number | null>((resolve) => demo?.once("exit", resolve));
  demo?.kill("SIGINT");
  expect(await gone).toBe(0);
  for (const name of ["Foyer", "Twitch", "Discord", "Phones"]) {
    await expect(fetch(addressOf(name))).rejects.toThrow("fetch failed");
  }
  expect(readdirSync(folder).filter((name) => name.startsWith("foyer-demo-"))).toEqual([]);
});
