import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RoomView } from "@foyer/protocol";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../e2e/support/browser.ts";
import { type Person, password, registerPerson } from "../packages/server/test/support/people.ts";
import {
  type ServerProcess,
  startServerProcess,
  withoutLimits,
} from "../packages/server/test/support/server.process.ts";
import { openWire } from "../packages/server/test/support/wire.ts";
import { ensureWeb } from "./bootstrap/web.mjs";
import { root } from "./check/step.ts";
import { pictureAlerts } from "./demo/alerts.picture.ts";

const images = join(root, "docs/images");
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 800 };

/** An evening before a show, so that the pictures have something to show. */
async function furnish(origin: string): Promise<void> {
  const names = { ada: "Ada", grace: "Grace", linus: "Linus", margaret: "Margaret" };
  const people = new Map<string, Person>();
  for (const [handle, displayName] of Object.entries(names)) {
    const person = await registerPerson(origin, handle);
    await person.call("updateProfile", [], { displayName });
    people.set(handle, person);
  }
  const [ada, grace, linus, margaret] = [...people.values()];
  if (!ada || !grace || !linus || !margaret) throw new Error("somebody is missing");
  await ada.call("updateRoom", ["general"], { topic: "Doors open at eight. Be kind, bring tea." });
  const rooms: RoomView[] = [];
  for (const [name, topic] of [
    ["Stage door", "For the crew"],
    ["Speedruns", "Any percent, all evening"],
    ["Music requests", ""],
  ] as const) {
    rooms.push((await ada.call("createRoom", [], { kind: "public", name, topic })).body);
  }
  for (const room of rooms) for (const person of [grace, linus, margaret]) await person.call("joinRoom", [room.roomId]);
  await ada.call("createRoom", [], { kind: "direct", accountIds: [grace.account.accountId] });
  const say = async (person: Person, message: string, replyTo?: string): Promise<string> => {
    const body = replyTo === undefined ? { message } : { message, replyTo };
    return ((await person.call("sendMessage", ["general"], body)).body as { messageId: string }).messageId;
  };
  await say(margaret, "Sound check is done. The microphone hum is gone at last.");
  const question = await say(
    grace,
    "Which game do we open with tonight? I would vote for Celeste, last week's run was so close.",
  );
  await say(
    linus,
    "Seconded. The plan as I have it:\n\n1. Celeste, until nine\n2. a short break, with the quiz\n3. viewers' choice",
  );
  await say(ada, "Celeste it is. @grace, will you read the chat while I play?", question);
  await say(
    grace,
    'With pleasure. The bot answers `!plan` with this:\n\n```ts\nif (message.text === "!plan") {\n  await room.send(plan(tonight), { replyTo: message.id });\n}\n```',
  );
  await say(margaret, "Lights in ten minutes.");
  const request = rooms[2]?.roomId ?? "";
  await linus.call("sendMessage", [request], { message: "Something with a harp, @ada?" });
  // Three of the four are there.
  for (const { token } of [grace, margaret]) {
    const wire = await openWire(origin, { token });
    await wire.ask("subscribe", { roomId: "general" });
  }
}

async function enter(
  browser: Browser,
  origin: string,
  colorScheme: "light" | "dark",
  viewport: typeof desktop,
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport,
    colorScheme,
    deviceScaleFactor: 2,
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  await context.request.post("/api/auth/login", { data: { login: "ada", password } });
  const page = await context.newPage();
  await page.goto("/rooms/general");
  await page.getByText("Lights in ten minutes.").first().waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return page;
}

async function takeAll(browser: Browser, server: ServerProcess): Promise<void> {
  await furnish(server.origin);
  const [light, dark] = [
    await enter(browser, server.origin, "light", desktop),
    await enter(browser, server.origin, "dark", desktop),
  ];
  for (const page of [light, dark]) {
    await page.getByRole("button", { name: /^People: / }).click();
    await page
      .getByRole("button", { name: /Margaret/ })
      .last()
      .waitFor();
  }
  const onPhone = await enter(browser, server.origin, "dark", phone);
  await picture(browser, "room.png", [await light.screenshot(), await dark.screenshot()]);
  writeFileSync(join(images, "phone.png"), await onPhone.screenshot());
}

/** The light half of one picture and the dark half of another, cut along a slant. */
async function picture(browser: Browser, name: string, [light, dark]: [Buffer, Buffer]): Promise<void> {
  const page = await browser.newPage({ viewport: desktop, deviceScaleFactor: 1.25 });
  const source = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString("base64")}`;
  await page.setContent(`<style>
    body { margin: 0 } img { position: absolute; inset: 0; width: 100%; height: 100% }
    .dark { clip-path: polygon(58% 0, 100% 0, 100% 100%, 42% 100%) }
  </style><img src="${source(light)}"><img class="dark" src="${source(dark)}">`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  writeFileSync(join(images, name), await page.screenshot());
  await page.close();
}

/** The template editor, with the alert as it then stands in Discord laid over it. */
async function alertsPicture(browser: Browser): Promise<void> {
  const { discord, editor } = await pictureAlerts(browser);
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, deviceScaleFactor: 1 });
  const source = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString("base64")}`;
  await page.setContent(`<style>
    body { margin: 0 } .page { position: absolute; inset: 0; width: 100%; height: 100% }
    .alert { position: absolute; right: 24px; bottom: 96px; width: 430px; box-sizing: border-box; padding: 14px; background: #1a1a1e; border-radius: 10px; box-shadow: 0 12px 40px #0007 }
  </style><img class="page" src="${source(editor)}"><img class="alert" src="${source(discord)}">`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  writeFileSync(join(images, "alerts.png"), await page.screenshot());
  await page.close();
}

ensureWeb();
mkdirSync(images, { recursive: true });
const [browser, server] = await Promise.all([startBrowser(), startServerProcess({ env: withoutLimits })]);
try {
  await takeAll(browser, server);
  await alertsPicture(browser);
} finally {
  await browser.close();
  await server.dispose();
}
