import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { password } from "../packages/server/test/support/people.ts";
import { alertsServer, announceStreams, green, here, untilHeard } from "./support/alerts.server.ts";
import { expectAccessible } from "./support/axe.ts";
import {
  deliverPush,
  feignPush,
  isSubscribed,
  pressNotification,
  watchScreen,
  workerOf,
} from "./support/push.browser.ts";
import { openRoom } from "./support/room.ts";
import { createStage, desktop, phone } from "./support/stage.ts";
import { expectCount, expectPath } from "./support/waiting.ts";

const stage = createStage(alertsServer());

/** An owner who announces ada and bo_live, and grace_runs on phones, with followers mentioned in Discord. */
const announcing = stage.once(async () => {
  const owner = await stage.person("ada");
  await announceStreams(stage.server, owner);
  const api = stage.server.api(owner);
  await api.updateGuildConfig({ params: green, body: { mention: { kind: "followers" } } });
  await api.createDestination({ params: here, body: { kind: "push", name: "Phones" } });
  await api.addGuildStreamer({ params: here, body: { login: "grace_runs" } });
  await untilHeard(stage.server, owner);
  return owner;
});

/** Grace, who is in the Discord server, too. */
const grace = stage.once(async () => {
  await announcing();
  const person = await stage.person("grace");
  await stage.server.link(person, "discord", "grace.d");
  return person;
});

const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  [desktop, phone].map((viewport) => ({ colorScheme, viewport })),
);
const at = (options: BrowserContextOptions = {}) => ({ baseURL: stage.server.address, ...options });

/** The field of a switch lies below what is drawn: people press its label. */
const pressSwitch = (field: Locator): Promise<void> => field.locator("xpath=ancestor::label").click();

async function expectFits(page: Page, what: string): Promise<void> {
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await expect.poll(overflow, { message: `${what} is wider than the window` }).toBeLessThanOrEqual(0);
}

test("who opts in by Discord gets the role, who opts out loses it, and a refused change goes back", async () => {
  const { page, expectFault } = await stage.enter(await grace(), at());
  const { world } = stage.server.outside.discord;
  const roles = () => world.guild(green.guildId).members.get(world.person("grace.d").id)?.roles.size;
  await page.goto("/settings/notifications");
  const discord = page.getByRole("switch", { name: "Hear of Ada in Discord, by The Green Room" });
  await pressSwitch(discord);
  await expect.poll(roles).toBe(1);
  await page.reload();
  await expect.poll(() => discord.isChecked()).toBe(true);
  await pressSwitch(discord);
  await expect.poll(roles).toBe(0);

  expectFault(/status of 503/);
  expectFault(/answer: 503/);
  await page.route("**/api/users/me/preferences/**", (route) =>
    route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"code":"server.busy"}' }),
  );
  const devices = page.getByRole("switch", { name: "Hear of Ada on your devices, by This server" });
  await pressSwitch(devices);
  await page.getByText("The server is busy").waitFor();
  await expect.poll(() => devices.isChecked()).toBe(true);
});

test("quiet hours begin with the zone of the browser, and are kept as they are chosen", async () => {
  const person = await grace();
  const { page } = await stage.enter(person, at());
  const kept = async () => (await stage.server.api(person).getPreferences()).quietHours;
  await page.goto("/settings/notifications");
  const quiet = page.getByRole("switch", { name: "Keep quiet hours" });
  await pressSwitch(quiet);
  await expect.poll(kept).toEqual({ from: "22:00", to: "08:00", timeZone: "Europe/Berlin" });
  await page.getByLabel("From").fill("23:30");
  await page.getByLabel("To", { exact: true }).fill("23:30");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Choose another time than the beginning.").waitFor();
  await page.getByLabel("To", { exact: true }).fill("07:15");
  await page.getByRole("combobox", { name: "Time zone" }).fill("Tokyo");
  await page.getByRole("option", { name: "Asia/Tokyo" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(kept).toEqual({ from: "23:30", to: "07:15", timeZone: "Asia/Tokyo" });
  await page.reload();
  await expect.poll(() => page.getByLabel("From").inputValue()).toBe("23:30");
  await pressSwitch(quiet);
  await expect.poll(kept).toBeNull();
});

test("a device is notified once it was added, and not any more when its person has signed out", async () => {
  const owner = await announcing();
  const person = await stage.person("linus");
  const api = stage.server.api(person);
  const { page, context } = await stage.enter(person, at());
  const { push, twitch } = stage.server.outside;
  const subscriber = await feignPush(context, push, (await api.getPushKey()).publicKey);
  await page.goto("/settings/notifications");
  await page.getByText("You have no device that is notified yet.").waitFor();
  await page.getByRole("button", { name: "Connect Discord" }).waitFor();
  await expectAccessible(page, "the notifications of somebody without Discord and devices");
  await page.getByRole("button", { name: "Notify this device" }).click();
  const devices = page.getByRole("list", { name: "Devices that are notified" });
  await devices.getByText("This device").waitFor();
  await devices.getByText("no alert yet").waitFor();

  await page.getByRole("button", { name: /^Remove / }).click();
  await expectCount(devices, 0);
  await page.getByRole("button", { name: "Undo" }).click();
  await devices.getByText("This device").waitFor();

  twitch.goLive("grace_runs");
  const text = await push.until(() => subscriber.messages[0]?.text());
  expect(JSON.parse(text)).toMatchObject({ title: "GraceRuns is live", url: "https://www.twitch.tv/grace_runs" });
  await expect.poll(async () => (await api.listPushDevices()).items[0]?.lastSentAt).not.toBeNull();
  await page.reload();
  await devices.getByText("last alert").waitFor();
  twitch.endStream("grace_runs");

  await page.goto("/settings/profile");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expectPath(page, "/sign-in");
  expect(await isSubscribed(page)).toBe(false);
  expect((await api.listPushDevices().catch(() => undefined))?.items ?? []).toEqual([]);
  const isOver = async () => (await stage.server.api(owner).listLive()).items.length;
  await expect.poll(isOver).toBe(0);
});

test("whoever comes next at a browser hears nothing of the one before, whether or not they could sign out of it", async () => {
  await announcing();
  const [first, second] = [await stage.person("first"), await stage.person("second")];
  const { publicKey } = await stage.server.api(first).getPushKey();
  const { page, context, expectFault } = await stage.enter(first, at());
  await feignPush(context, stage.server.outside.push, publicKey);
  const add = async () => {
    await page.goto("/settings/notifications");
    await page.getByRole("button", { name: "Notify this device" }).click();
    await page.getByText("This device", { exact: true }).waitFor();
    expect(await isSubscribed(page)).toBe(true);
  };
  await add();
  // Its session ended elsewhere.
  await context.clearCookies();
  await context.request.post("/api/auth/login", { data: { login: second.account.handle, password } });
  await openRoom(page);
  await expect.poll(() => isSubscribed(page)).toBe(false);

  await add();
  expectFault(/ERR_FAILED/);
  await page.route("**/api/push/subscriptions/*", (route) => route.abort());
  await page.goto("/settings/profile");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expectPath(page, "/sign-in");
  expect(await isSubscribed(page)).toBe(false);
});

test("the worker shows what arrives, leads to where it points, and is served so that it never grows old", async () => {
  const { page, context } = await stage.enter(await announcing(), at());
  const served = async (path: string) => {
    const answer = await context.request.get(path);
    return [answer.status(), answer.headers()["content-type"], answer.headers()["cache-control"]];
  };
  expect(await served("/service-worker.js")).toEqual([200, "text/javascript; charset=utf-8", "no-cache"]);
  expect(await served("/manifest.webmanifest")).toEqual([200, "application/manifest+json", "no-cache"]);
  const manifest = (await (await context.request.get("/manifest.webmanifest")).json()) as { icons: { src: string }[] };
  for (const { src } of manifest.icons) expect((await served(src))[1]).toMatch(/^image\//);

  await openRoom(page);
  const worker = await workerOf(page);
  const shown = await watchScreen(worker);
  const payload = { title: "Ada is live", body: "Chess", url: "https://www.twitch.tv/ada", tag: "one" };
  await deliverPush(page, JSON.stringify(payload));
  const { url, ...words } = payload;
  await expect
    .poll(async () => (await shown()).notifications)
    .toMatchObject([{ ...words, icon: "/icons/icon-192.png", data: { url } }]);
  await deliverPush(page, JSON.stringify({ ...payload, url: "javascript:alert(1)" }));
  await expect.poll(async () => (await shown()).notifications[1]?.data.url).toBe("/");

  await pressNotification(worker, url);
  await expect.poll(async () => (await shown()).opened).toEqual([url]);
  await pressNotification(worker, `${stage.server.address}/settings/notifications`);
  await expectPath(page, "/settings/notifications");
  expect((await shown()).opened).toEqual([url]);
});

test("without a network a page says so, and no more than that", async () => {
  const { page, context, expectFault } = await stage.enter(await announcing(), at());
  await openRoom(page);
  await workerOf(page);
  expectFault(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket/);
  await context.setOffline(true);
  await page.reload();
  await page.getByRole("heading", { name: "There is no network" }).waitFor();
  await expectAccessible(page, "the page without a network");
  await context.setOffline(false);
  await page.getByRole("link", { name: "Try again" }).click();
  await page.getByRole("textbox", { name: /^message/i }).waitFor();
  await expectPath(page, "/rooms/general");
});

test("from an invite link to being announced, with an account and a link to Twitch made on the way", async () => {
  const api = stage.server.api(await announcing());
  const { token = "" } = await api.createStreamerInvite({ params: green, body: {} });
  const { page, expectFault } = await stage.visitor(at({ viewport: phone }));
  await page.goto(`/streamers/invite/${token}`);
  await page.getByRole("heading", { name: "The Green Room" }).waitFor();
  await expectAccessible(page, "the invite for somebody without an account");
  await page.getByRole("link", { name: "Create account" }).click();
  await page.getByLabel("Handle").fill("runner");
  await page.getByLabel("Password", { exact: true }).fill("doors open at eight");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("button", { name: "Connect Twitch" }).click();
  await page.getByRole("link", { name: "Allow as GraceRuns (grace_runs)" }).click();
  await page.getByRole("button", { name: "Announce me as GraceRuns" }).click();
  await page.getByRole("heading", { name: "The Green Room announces you from now on" }).waitFor();
  await expectAccessible(page, "the invite that was accepted");
  const logins = async () => (await api.listGuildStreamers({ params: green })).items.map(({ login }) => login);
  await expect.poll(logins).toContain("grace_runs");
  await page.getByRole("link", { name: "How you want to hear of streams yourself" }).click();
  await page.getByRole("heading", { name: "Notifications", exact: true }).waitFor();

  expectFault(/status of 4\d\d/);
  await page.goto(`/streamers/invite/${token}`);
  await page.getByText("as many people have used it").waitFor();
  await page.goto("/streamers/invite/nobody-made-this-one");
  await page.getByText("The link is not complete").waitFor();
});

test("a room tells who is live in its header, as long as they are", async () => {
  const owner = await announcing();
  const { twitch } = stage.server.outside;
  const { page } = await stage.enter(owner, at());
  await openRoom(page);
  const bar = page.getByRole("region", { name: "Live now" });
  await expectCount(bar, 0);
  twitch.goLive("ada", { title: "Sunday chess with everybody", game: "Chess" });
  await bar.getByText("Sunday chess with everybody").waitFor();
  expect(await bar.getByRole("link", { name: /^Watch Ada/ }).getAttribute("href")).toBe("https://www.twitch.tv/ada");
  await page.getByRole("link", { name: /general ?, somebody is live/i }).waitFor();
  twitch.goLive("bo_live", { title: "Building a mountain hut ".repeat(5).trim(), game: "Minecraft" });
  await bar.getByText("Bo_Live").waitFor();

  for (const look of looks) {
    const { page: other } = await stage.enter(owner, at(look));
    await openRoom(other);
    await other.getByRole("region", { name: "Live now" }).waitFor();
    await expectAccessible(other, "a room with somebody live");
    await expectFits(other, "a room with somebody live");
    if (look.viewport !== phone) continue;
    await other.getByRole("button", { name: "1 more who are live" }).click();
    await expectCount(other.getByRole("region", { name: "Live now" }).getByRole("listitem"), 2);
  }

  twitch.endStream("ada");
  await expectCount(bar.getByText("Sunday chess with everybody"), 0);
  twitch.endStream("bo_live");
  await expectCount(bar, 0);
  await expectCount(page.getByRole("link", { name: /somebody is live/ }), 0);
});

test.each(looks)("one's notifications are accessible: $colorScheme, $viewport.width wide", async (look) => {
  const { page } = await stage.enter(await grace(), at(look));
  await page.goto("/settings/notifications");
  await page.getByRole("switch", { name: /^Hear of Ada in Discord/ }).waitFor({ state: "attached" });
  await expectAccessible(page, "the notifications");
  await expectFits(page, "the notifications");
});
