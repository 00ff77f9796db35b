import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type LaunchOptions, chromium as playwright } from "playwright-core";

const packages = join(import.meta.dirname, "../../node_modules");

/**
 * Unpacks Chromium out of its npm package, once, together with the libraries that a bare system lacks. The package
 * unpacks into the folder for temporary files, where another version may lie already: so that folder is another here.
 */
async function unpack(): Promise<string> {
  const manifest = readFileSync(join(packages, "@sparticuz/chromium/package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const folder = join(packages, ".cache", "foyer", `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const before = { ...process.env };
  try {
    process.env.TMPDIR = partial;
    process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs24.x";
    const { default: chromium } = await import("@sparticuz/chromium");
    await chromium.executablePath();
  } finally {
    for (const name of ["TMPDIR", "AWS_LAMBDA_JS_RUNTIME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** How long a start may take, in milliseconds: whoever begins a run of tests starts several browsers at once. */
const startsWithin = 120_000;

/** Starts Chromium: nothing is downloaded, nothing has to be installed. CHROMIUM_PATH names another one. */
export async function startBrowser(): Promise<Browser> {
  if (process.env.CHROMIUM_PATH !== undefined) {
    return playwright.launch({
      executablePath: process.env.CHROMIUM_PATH,
      args: ["--no-sandbox"],
      timeout: startsWithin,
    });
  }
  const folder = await unpack();
  const fonts = existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: join(folder, "fonts") };
  const options: LaunchOptions = {
    executablePath: join(folder, "chromium"),
    args: ["--no-sandbox", "--font-render-hinting=none", "--disable-gpu", "--disable-dev-shm-usage"],
    env: { ...process.env, ...fonts },
    timeout: startsWithin,
  };
  try {
    return await playwright.launch(options);
  } catch (error) {
    if (!String(error).includes("shared libraries")) throw error;
    // A bare system: with the libraries that came along.
    const env = { ...options.env, LD_LIBRARY_PATH: join(folder, "al2023", "lib") };
    return playwright.launch({ ...options, env });
  }
}
