import { expect, test } from "vitest";
import { type AlertsServer, alertsServer, announceStreams, green, untilHeard } from "./support/alerts.server.ts";
import { expectAccessible } from "./support/axe.ts";
import { openRoom, sentMessage } from "./support/room.ts";
import { createStage } from "./support/stage.ts";
import { expectCount, longPatience } from "./support/waiting.ts";

const stage = createStage(alertsServer());

/** An owner who announces streams in the Green Room and here, and whom Twitch tells about them. */
const house = stage.once(async () => {
  const owner = await stage.person("ada");
  const made = await announceStreams(stage.server, owner);
  await untilHeard(stage.server, owner);
  return { owner, ...made };
});

/** What was posted in a channel, as it stands there now. */
const posted = (server: AlertsServer, channelId: string) => server.outside.discord.messages(channelId);

test("an alert stands in Discord and in the room, and the page says how fast that was", async () => {
  const { owner, channelId } = await house();
  const { twitch } = stage.server.outside;
  const { page } = await stage.enter(owner, { baseURL: stage.server.address });
  await openRoom(page);
  twitch.goLive("ada");
  await sentMessage(page, "Sunday chess").waitFor();
  await expect.poll(() => posted(stage.server, channelId).length).toBe(1);
  await page.goto(`/alerts/${green.guildId}/deliveries`);
  const row = page.getByRole("list", { name: "Deliveries" }).getByRole("listitem").filter({ hasText: "Ada" });
  await row.getByText("Sent", { exact: true }).waitFor();
  await row.getByText(/^\d+ ms$/).waitFor();
  await row.getByRole("button", { name: /^Details of Ada/ }).click();
  await page.getByRole("dialog").getByRole("cell", { name: "Post" }).waitFor();
  await expectAccessible(page, "the details of a delivery");
  await page.keyboard.press("Escape");
  await page.getByText("Failed", { exact: true }).first().click();
  await page.getByText("Nothing of this kind").waitFor();
  await page.goto(`/alerts/${green.guildId}/analytics`);
  await page.getByRole("heading", { name: "Deliveries by day" }).waitFor();
  await page.getByRole("button", { name: "Show as a table: Deliveries by day" }).click();
  await page.getByRole("row").nth(1).waitFor();
  await expectAccessible(page, "the analytics as a table");
  twitch.endStream("ada");
});

test("while Discord is away an alert waits, with its reason, and is sent by itself", async () => {
  const { owner, channelId } = await house();
  const { discord, twitch } = stage.server.outside;
  const before = posted(stage.server, channelId).length;
  const { page } = await stage.enter(owner, { baseURL: stage.server.address });
  discord.fault({ kind: "error", operation: "message.create", status: 503 });
  twitch.goLive("bo_live");
  await page.goto(`/alerts/${green.guildId}/deliveries`);
  const row = page.getByRole("list", { name: "Deliveries" }).getByRole("listitem").filter({ hasText: "Bo_Live" });
  await row.getByText("Waiting", { exact: true }).waitFor();
  await row.getByText("did not answer as it should").waitFor();
  expect(posted(stage.server, channelId)).toHaveLength(before);
  discord.clearFaults();
  await row.getByText("Sent", { exact: true }).waitFor({ timeout: longPatience });
  await expect.poll(() => posted(stage.server, channelId).length).toBe(before + 1);
  twitch.endStream("bo_live");
});

test("what the template editor shows is what stands in Discord, and a title can neither ping nor format", async () => {
  const { owner, channelId, destinationId } = await house();
  const { twitch } = stage.server.outside;
  const visitor = await stage.enter(owner, { baseURL: stage.server.address });
  const { page } = visitor;
  await page.goto(`/alerts/${green.guildId}/templates?destinationId=${destinationId}`);
  const text = page.getByLabel("Text", { exact: true });
  await text.fill("Come in: ");
  await page.getByRole("button", { name: "Insert a variable into Text" }).click();
  await page.getByRole("menuitem", { name: "{stream_title}" }).click();
  await expect.poll(() => text.inputValue()).toBe("Come in: {stream_title}");
  const preview = page.getByRole("region", { name: "Preview" });
  await preview.getByText("Come in: First light").waitFor();
  await expectAccessible(page, "the template editor");

  // Leaving asks first.
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  // What Discord would not take is said at its field, and nothing is saved.
  visitor.expectFault(/status of 400/);
  await text.fill("{no_such_thing}");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("has no variable {no_such_thing}").first().waitFor();
  await text.fill("Come in: {stream_title}");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The template is saved").waitFor();

  const title = "**Bold** @everyone <@80351110224678912> [x](https://evil.example)";
  const count = posted(stage.server, channelId).length;
  twitch.goLive("ada", { title });
  await expect.poll(() => posted(stage.server, channelId).length).toBe(count + 1);
  const message = posted(stage.server, channelId).at(-1);
  expect(message?.pings).toMatchObject({ everyone: false, users: [] });
  expect(message?.content).toContain("Come in: ");
  expect(message?.content).not.toContain("**Bold**");
  twitch.endStream("ada");
});

test("a streamer can have a template of their own at a destination, or not be announced there", async () => {
  const { owner, channelId, destinationId } = await house();
  const { twitch } = stage.server.outside;
  const { page } = await stage.enter(owner, { baseURL: stage.server.address });
  await page.goto(`/alerts/${green.guildId}/templates?destinationId=${destinationId}`);
  await page.getByLabel("For", { exact: true }).selectOption({ label: "Bo_Live" });
  await page.getByText("This streamer has the destination's template here").waitFor();
  await page.getByLabel("Text", { exact: true }).fill("Only for Bo");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The template is saved").waitFor();
  const drop = page.getByRole("button", { name: "Use the destination's template again" });
  await drop.waitFor();
  await drop.click();
  await expectCount(drop, 0);
  await page.getByRole("switch", { name: "Announce Bo_Live here" }).click();
  await page.getByText("It counts from now on").waitFor();
  await expect
    .poll(async () => {
      const { items } = await stage.server.api(owner).listOverrides({ params: { ...green, destinationId } });
      return items.find(({ streamer }) => streamer.login === "bo_live");
    })
    .toMatchObject({ enabled: false, template: null });
  const before = posted(stage.server, channelId).length;
  twitch.goLive("bo_live", { title: "Not here" });
  await openRoom(page);
  await sentMessage(page, "Not here").waitFor();
  expect(posted(stage.server, channelId)).toHaveLength(before);
});
