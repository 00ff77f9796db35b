import { expect, test } from "vitest";
import { alertsServer, announceStreams, untilHeard } from "./support/alerts.server.ts";
import { expectAccessible } from "./support/axe.ts";
import { openRoom, sentMessage } from "./support/room.ts";
import { createStage } from "./support/stage.ts";

const stage = createStage(alertsServer());

test("the servers where one may manage are listed, and an alert arrives in the room", async () => {
  const owner = await stage.person("ada");
  const { channelId } = await announceStreams(stage.server, owner);
  const { page } = await stage.enter(owner, { baseURL: stage.server.address });
  await page.goto("/alerts");
  await page.getByRole("link", { name: "Manage The Green Room" }).waitFor();
  await expectAccessible(page, "the list of servers");
  await page.getByRole("link", { name: "Manage This server" }).click();
  await page.getByRole("heading", { name: "This server", level: 1 }).waitFor();
  await untilHeard(stage.server, owner);
  await openRoom(page);
  const { twitch, discord } = stage.server.outside;
  twitch.goLive("ada");
  await sentMessage(page, "Sunday chess").waitFor();
  await expect.poll(() => discord.messages(channelId).length).toBe(1);
});
