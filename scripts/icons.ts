import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startBrowser } from "../e2e/support/browser.ts";
import { root } from "./check/step.ts";

const shown = join(root, "packages/web/public");
/** The dark ground of the pages: the mark's own brass stands well on it. */
const ground = "#17131c";

/** One picture: the mark at `part` of its width, on a ground with such corners, or as a shape in one colour. */
interface Icon {
  name: string;
  size: number;
  part: number;
  corner: number;
  shape?: boolean;
}

const icons: readonly Icon[] = [
  { name: "icon-192", size: 192, part: 0.68, corner: 0.22 },
  { name: "icon-512", size: 512, part: 0.68, corner: 0.22 },
  // Systems cut these to a form of theirs: what matters stays within the middle four fifths.
  { name: "maskable-192", size: 192, part: 0.54, corner: 0 },
  { name: "maskable-512", size: 512, part: 0.54, corner: 0 },
  { name: "touch-180", size: 180, part: 0.62, corner: 0 },
  // Android's status bar takes the shape alone and gives it a colour.
  { name: "badge-96", size: 96, part: 0.92, corner: 0, shape: true },
];

function drawing(mark: string, { size, part, corner, shape }: Icon): string {
  const inner = size * part;
  const at = (size - inner) / 2;
  const placed = mark.replace("<svg ", `<svg x="${at}" y="${at}" width="${inner}" height="${inner}" `);
  const drawn = shape === true ? placed.replaceAll(/fill="#\w+"/g, 'fill="#ffffff"') : placed;
  const back = shape === true ? "" : `<rect width="${size}" height="${size}" rx="${size * corner}" fill="${ground}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${back}${drawn}</svg>`;
}

// Draws the icons of the installed app from the mark: node scripts/run.mjs scripts/icons.ts
const mark = readFileSync(join(shown, "favicon.svg"), "utf8");
mkdirSync(join(shown, "icons"), { recursive: true });
const browser = await startBrowser();
try {
  const page = await browser.newPage();
  for (const icon of icons) {
    await page.setViewportSize({ width: icon.size, height: icon.size });
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${drawing(mark, icon)}`);
    writeFileSync(join(shown, "icons", `${icon.name}.png`), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
