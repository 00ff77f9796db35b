import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { patience } from "./waiting.ts";

/** One browser window of one person, with cookies of its own, that notes everything that is wrong in it. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** Says that errors like this one are part of the story: a server that is down, a password that is wrong. */
  expectFault(pattern: RegExp): void;
}

/** A visitor of whom one can ask what went wrong that was no part of the story. */
export interface WatchedVisitor extends Visitor {
  faults(): string[];
}

const point = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

function watch(page: Page, faults: string[]): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`answer: ${response.status()} ${response.url()}`);
  });
}

/** Opens a window of its own. Whoever opens it closes its context. */
export async function openVisitor(browser: Browser, options: BrowserContextOptions): Promise<WatchedVisitor> {
  const context = await browser.newContext({
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    ...options,
  });
  context.setDefaultTimeout(patience);
  // Violations of the Content-Security-Policy reach the console in some cases only.
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  // No window of these scenarios reaches the internet: pictures that Discord and Twitch keep are one point.
  await context.route(/^https:\/\/(?:cdn\.discordapp\.com|static-cdn\.jtvnw\.net)\//, (route) =>
    route.fulfill({ contentType: "image/gif", body: point }),
  );
  const page = await context.newPage();
  const faults: string[] = [];
  const expected: RegExp[] = [];
  watch(page, faults);
  return {
    page,
    context,
    expectFault: (pattern) => void expected.push(pattern),
    faults: () => faults.filter((fault) => !expected.some((pattern) => pattern.test(fault))),
  };
}
