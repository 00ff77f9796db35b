import type { MessagePage } from "@foyer/protocol";
import { expect, test } from "vitest";
import { callEndpoint } from "../packages/server/test/support/people.ts";
import { composer, messageWith, openRoom, say, sentMessage } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import { expectCount, longPatience } from "./support/waiting.ts";

const stage = createStage(freshServer());
const down = /Failed to load resource|WebSocket connection|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED/;

test("the server is killed and restarted: banner, quiet catch-up, and what was written meanwhile arrives once", async () => {
  const [adaPerson, gracePerson] = [await stage.person("ada"), await stage.person("grace")];
  const [ada, grace] = [await stage.enter(adaPerson), await stage.enter(gracePerson)];
  ada.expectFault(down);
  grace.expectFault(down);
  await openRoom(ada.page);
  await openRoom(grace.page);
  await say(ada.page, "before the storm");
  await sentMessage(grace.page, "before the storm").waitFor();

  await stage.server.kill();
  await ada.page.getByText(/Reconnecting/).waitFor();
  await composer(ada.page).fill("written in the dark");
  await composer(ada.page).press("Enter");
  await messageWith(ada.page, "written in the dark").waitFor();
  await composer(ada.page).fill("and a second one");
  await composer(ada.page).press("Enter");
  await messageWith(ada.page, "and a second one").waitFor();
  await expectCount(sentMessage(ada.page, "written in the dark"), 0);

  await stage.server.start();
  // Somebody writes while both browsers are on their way back.
  await gracePerson.call("sendMessage", ["general"], { message: "light again" });
  // Both come back by themselves; whoever does not want to wait says so.
  await ada.page
    .getByRole("button", { name: "Try now" })
    .click({ timeout: 2_000 })
    .catch(() => undefined);
  await sentMessage(ada.page, "and a second one").waitFor({ timeout: longPatience });
  await sentMessage(ada.page, "light again").waitFor();
  await ada.page.getByText(/Reconnecting/).waitFor({ state: "hidden" });
  for (const text of ["before the storm", "light again", "written in the dark", "and a second one"]) {
    await sentMessage(grace.page, text).waitFor({ timeout: longPatience });
    await expectCount(messageWith(grace.page, text), 1);
    await expectCount(messageWith(ada.page, text), 1);
  }
  const answer = await callEndpoint(stage.server.origin, "listMessages", { token: adaPerson.token, path: ["general"] });
  const texts = (answer.body as MessagePage).messages.map((message) => message.message);
  expect(texts.filter((text) => text !== "light again")).toEqual([
    "before the storm",
    "written in the dark",
    "and a second one",
  ]);
  expect(texts.filter((text) => text === "light again")).toHaveLength(1);
});

test("a phone that was away without noticing catches up by itself", async () => {
  const [adaPerson, lindaPerson] = [await stage.person("ada-away"), await stage.person("linda")];
  const linda = await stage.enter(lindaPerson);
  linda.expectFault(down);
  await openRoom(linda.page);
  await say(linda.page, "here I am");
  await linda.context.setOffline(true);
  for (let index = 0; index < 30; index += 1) {
    await adaPerson.call("sendMessage", ["general"], { message: `missed number ${index}.` });
  }
  await linda.context.setOffline(false);
  await sentMessage(linda.page, "missed number 29.").waitFor({ timeout: longPatience });
  await expectCount(messageWith(linda.page, "missed number 28."), 1);
});

test("a refused message says why, and can be thrown away", async () => {
  const owner = await stage.person("ada");
  const frances = await stage.enter(await stage.person("frances"));
  await openRoom(frances.page);
  const filter = await owner.call("createWordFilter", [], { kind: "literal", expression: "beetroot" });
  expect(filter.status).toBe(201);
  await composer(frances.page).fill("I like beetroot a lot");
  await composer(frances.page).press("Enter");
  const refused = messageWith(frances.page, "I like beetroot a lot");
  await refused.getByText("Not sent.").waitFor();
  await refused.getByText("not allowed here").waitFor();
  await refused.getByRole("button", { name: "Discard" }).click();
  await expectCount(refused, 0);
  await say(frances.page, "I like carrots a lot");
});
