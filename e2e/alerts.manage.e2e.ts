import { expect, test } from "vitest";
import { alertsServer, announceStreams, green, untilHeard } from "./support/alerts.server.ts";
import { expectAccessible } from "./support/axe.ts";
import { createStage, desktop, phone } from "./support/stage.ts";
import { expectCount } from "./support/waiting.ts";

const secondStage = "1200000000000000002";
const stage = createStage(alertsServer());

/** An owner who announces streams in the Green Room and here. */
const house = stage.once(async () => {
  const owner = await stage.person("ada");
  return { owner, ...(await announceStreams(stage.server, owner)) };
});

test("the guide leads from nothing to a test alert that is in Discord", async () => {
  const { owner } = await house();
  const { discord } = stage.server.outside;
  const { page, context } = await stage.enter(owner, { baseURL: stage.server.address });
  await page.goto("/alerts");
  await page.getByRole("link", { name: "Manage Second Stage" }).click();
  await page.getByRole("heading", { name: "Your first alert" }).waitFor();
  // Twitch, Discord and the account are there already: the bot is what comes next.
  const add = page.getByRole("link", { name: "Add the bot" });
  const opened = context.waitForEvent("page");
  await add.click();
  const install = await opened;
  await install.getByRole("link", { name: /Put the bot into Second Stage as Ada/ }).click();
  await install.getByRole("heading", { name: "Authorized" }).waitFor();
  await install.close();
  // Foyer finds by itself that the bot has come.
  const login = page.getByLabel("Name or address of a Twitch channel");
  await login.waitFor();
  await login.fill("https://www.twitch.tv/grace_runs");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const channel = page.getByRole("combobox", { name: "Channel" });
  await channel.click();
  await page.getByRole("option", { name: "#announcements" }).click();
  await expectAccessible(page, "the guide with the form of a channel");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: /^Send a test to/ }).click();
  await page.getByText("The test arrived").waitFor();
  await page.getByText("Everything is set up").waitFor();
  const [channelId = ""] = discord.world.guild(secondStage).channels.keys();
  await expect
    .poll(() => discord.messages(channelId).map(({ pings }) => pings))
    .toEqual([{ everyone: false, users: [], roles: [] }]);
});

test("streamers are added by name and removed, and invited by a link that is shown once", async () => {
  const { owner } = await house();
  const visitor = await stage.enter(owner, { baseURL: stage.server.address });
  const { page } = visitor;
  visitor.expectFault(/status of 404/);
  await page.goto(`/alerts/${green.guildId}/streamers`);
  const list = page.getByRole("list", { name: "Streamers that are announced" }).getByRole("listitem");
  await expectCount(list, 2);
  const login = page.getByLabel("Name or address of a Twitch channel");
  await login.fill("nobody_of_this_name");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Twitch knows nobody of this name").waitFor();
  await login.fill("grace_runs");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expectCount(list, 3);
  await page.getByRole("button", { name: "Remove GraceRuns" }).click();
  await expectCount(list, 2);
  // Thought better of it.
  await page.getByRole("button", { name: "Undo" }).click();
  await expectCount(list, 3);

  await page.getByRole("button", { name: "Make a link" }).click();
  const link = page.getByRole("textbox", { name: "Invite link" });
  await expect.poll(() => link.inputValue()).toContain("/streamers/invite/");
  await page.getByRole("button", { name: "I have kept it" }).click();
  await expectCount(page.getByRole("list", { name: "Links that work" }).getByRole("listitem"), 1);
  await expectCount(link, 0);
});

test("destinations: a room, a webhook whose secret is shown once, and one that was switched off", async () => {
  const { owner, channelId } = await house();
  const visitor = await stage.enter(owner, { baseURL: stage.server.address });
  const { page } = visitor;
  const { receiver, discord } = stage.server.outside;
  await page.goto("/alerts/here/destinations");
  const list = page.getByRole("list", { name: "Destinations" }).getByRole("listitem");
  await list.filter({ hasText: "Room" }).waitFor();
  const before = await list.count();
  await page.getByRole("button", { name: "Add a destination" }).click();
  await page.getByRole("dialog").getByText("Webhook", { exact: true }).click();
  await page.getByLabel("Address").fill("http://169.254.169.254/latest");
  visitor.expectFault(/status of 400/);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("must not send to this address").waitFor();
  await page.getByLabel("Address").fill(receiver.address("stage"));
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const secret = page.getByRole("textbox", { name: "Secret" });
  await secret.waitFor();
  receiver.expect("stage", await secret.inputValue());
  await expectAccessible(page, "the secret of a webhook");
  await page.getByRole("button", { name: "I have kept it" }).click();
  await expectCount(list, before + 1);
  await list
    .filter({ hasText: "Webhook" })
    .getByRole("button", { name: /^Send a test/ })
    .click();
  await page.getByText("The test arrived").waitFor();

  // The channel is deleted: the destination is switched off, and the page says what to do.
  await untilHeard(stage.server, owner);
  discord.world.deleteChannel(channelId);
  stage.server.outside.twitch.goLive("bo_live");
  await page.goto(`/alerts/${green.guildId}/destinations`);
  const said = page.getByText("The channel is not there any more");
  await expect
    .poll(
      async () => {
        await page.reload();
        await list.first().waitFor();
        return said.count();
      },
      { interval: 1000 },
    )
    .toBe(1);
  await expect.poll(() => page.getByRole("switch", { name: "Send alerts to #live-now" }).isChecked()).toBe(false);
});

test("what holds for all alerts is kept, and somebody else's server is not shown", async () => {
  const { owner } = await house();
  const { page } = await stage.enter(owner, { baseURL: stage.server.address });
  await page.goto(`/alerts/${green.guildId}/settings`);
  await page.getByLabel("When the stream is over").selectOption("delete");
  await page.getByLabel("Continue an alert after a short break").fill("25");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel("When the stream is over").inputValue()).toBe("delete");
  await expect.poll(() => page.getByLabel("Continue an alert after a short break").inputValue()).toBe("25 minutes");

  const other = await stage.person("linus");
  await stage.server.link(other, "discord", "linus.d");
  const visitor = await stage.enter(other, { baseURL: stage.server.address });
  visitor.expectFault(/status of 40[34]/);
  await visitor.page.goto(`/alerts/${green.guildId}/destinations`);
  await visitor.page.getByText("You cannot manage this server").waitFor();
  await expectAccessible(visitor.page, "a server that one may not manage");
});

const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  [desktop, phone].map((viewport) => ({ colorScheme, viewport })),
);

test.each(looks)(
  "no page of alerts has an accessibility violation: $colorScheme, $viewport.width wide",
  async (look) => {
    const { owner, destinationId } = await house();
    const { page } = await stage.enter(owner, { ...look, baseURL: stage.server.address });
    const sections = ["guide", "streamers", "destinations", "templates", "deliveries", "analytics", "settings"];
    const paths = [
      "/alerts",
      ...sections.map((section) => `/alerts/${green.guildId}/${section}`),
      "/alerts/here/guide",
      `/alerts/${green.guildId}/templates?destinationId=${destinationId}`,
    ];
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      await expectAccessible(page, path);
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await expect.poll(overflow, { message: `${path} is wider than the window` }).toBeLessThanOrEqual(0);
    }
  },
  400_000,
);
