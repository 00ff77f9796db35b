import { FoyerError } from "@foyer/client";
import { haveBeenLive, type Part, setUpAlerts } from "./demo/alerts.ts";
import { startFoyer } from "./demo/foyer.process.ts";
import { startOutside } from "./demo/outside.ts";
import { furnish } from "./demo/rooms.ts";
import { password } from "./demo/visitor.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ending.abort());
const asked = new Promise<"asked">((resolve) => {
  ending.signal.addEventListener("abort", () => resolve("asked"));
});

say("Starting Foyer with a Twitch, a Discord and phones that are simulated …");
const outside = await startOutside();
const foyer = await startFoyer(outside.settings).catch(async (error: unknown) => {
  await outside.close();
  // Ctrl-C at a terminal reaches Foyer as well, which then does not start: that was asked for.
  if (ending.signal.aborted) process.exit(0);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

const left: string[] = [];
const part: Part = async (name, work) => {
  if (ending.signal.aborted) return;
  try {
    await work();
  } catch (error) {
    const why = error instanceof FoyerError ? `${error.code}: ${error.message}` : String(error);
    left.push(`${name}: ${why}`);
  }
};

/** Everything through the API, as people would. */
async function setUp(): Promise<void> {
  await part("accounts and rooms", async () => {
    const house = await furnish(foyer.url);
    await setUpAlerts(foyer.url, house, outside, part);
    await haveBeenLive(outside, house, part);
  });
}

function invite(): void {
  const rows = [
    ["Foyer", foyer.url, `sign in as ada, with the password: ${password}`],
    ["Twitch", outside.twitch.url, "press Go live at Ada"],
    ["Discord", outside.discord.url, "the alert arrives in #live-now, and changes with the stream"],
    ["Phones", outside.push.url, "what the push service brings"],
  ];
  const width = Math.max(...rows.map(([, url = ""]) => url.length));
  say("");
  for (const [name = "", url = "", what = ""] of rows) say(`  ${name.padEnd(9)}${url.padEnd(width + 2)}${what}`);
  for (const each of left) say(`\n  Could not be set up: ${each}`);
  say("\nTwitch, Discord and the phones are simulated. Ctrl-C ends everything, and nothing stays.");
}

const finished = await Promise.race([setUp(), asked, foyer.ended.then(() => "gone" as const)]);
if (finished === undefined) invite();
const why = finished ?? (await Promise.race([asked, foyer.ended.then(() => "gone" as const)]));
if (why === "gone") process.stderr.write(`Foyer has ended by itself:\n${foyer.output()}\n`);
await foyer.stop();
await outside.close();
process.exit(why === "gone" ? 1 : 0);
