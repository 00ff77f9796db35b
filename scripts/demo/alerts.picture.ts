import type { Browser, BrowserContextOptions } from "playwright-core";
import { haveBeenLive, setUpAlerts } from "./alerts.ts";
import { startFoyer } from "./foyer.process.ts";
import { startOutside } from "./outside.ts";
import { furnish } from "./rooms.ts";
import { password } from "./visitor.ts";

const viewport = { width: 1440, height: 860 };
/** As wide as Discord shows a message beside its channels. */
const narrow = { width: 520, height: 860 };

/**
 * One alert as it is seen: in the simulated Discord and in the template editor. Takes the demo's house,
 * lets Ada go live, and gives both pictures (PNG).
 */
export async function pictureAlerts(browser: Browser): Promise<{ discord: Buffer; editor: Buffer }> {
  const outside = await startOutside();
  const foyer = await startFoyer(outside.settings);
  try {
    const house = await furnish(foyer.url);
    const part = (_name: string, work: () => Promise<void>) => work();
    await setUpAlerts(foyer.url, house, outside, part);
    await haveBeenLive(outside, house, part);
    outside.twitch.goLive("ada", { viewers: 128 });
    const options: BrowserContextOptions = {
      baseURL: foyer.url,
      viewport,
      deviceScaleFactor: 2,
      reducedMotion: "reduce",
      locale: "en-GB",
    };
    const context = await browser.newContext({ ...options, colorScheme: "light" });
    await context.request.post("/api/auth/login", { data: { login: "ada", password } });
    const page = await context.newPage();
    const [guild = ""] = outside.discord.world.guilds.keys();
    await page.goto(`/alerts/${guild}/deliveries`);
    await page.getByText("Sunday chess with everybody").first().waitFor();
    await page.getByText("Sent", { exact: true }).nth(1).waitFor();
    await page.goto(`/alerts/${guild}/templates`);
    await page.getByRole("region", { name: "Preview" }).getByText("is live").waitFor();
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    const editor = await page.screenshot();
    const discordPage = await (
      await browser.newContext({ ...options, viewport: narrow, colorScheme: "dark" })
    ).newPage();
    await discordPage.goto(outside.discord.url);
    const alert = discordPage.locator(".message").filter({ hasText: "Sunday chess with everybody" });
    await alert.waitFor();
    const discord = await alert.screenshot();
    return { discord, editor };
  } finally {
    await foyer.stop();
    await outside.close();
  }
}
