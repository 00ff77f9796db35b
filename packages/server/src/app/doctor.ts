import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { Clock } from "../platform/clock/clock.ts";
import { groupStates, isLoopback } from "../platform/config/config.checks.ts";
import { usedGroups } from "../platform/config/config.groups.ts";
import { secretPath } from "../platform/config/config.secrets.ts";
import type { Config } from "../platform/config/config.ts";
import { FolderInUseError, lockFolder } from "../platform/db/folder.lock.ts";
import { schemaState } from "../platform/db/migrate.ts";
import { openDatabase, sqlitePath } from "../platform/db/open.database.ts";
import { damage } from "../platform/db/sqlite.file.ts";
import { silentLogger } from "../platform/logs/logger.ts";

import { discordFindings } from "./doctor.discord.ts";
import { signInFindings } from "./doctor.sign.in.ts";
import { twitchFindings } from "./doctor.twitch.ts";
import { vaultFindings } from "./doctor.vault.ts";
import { schemaSteps } from "./schema.ts";

/** One thing that the doctor looked at. `problem` has to be mended; `hint` may be; `off` can be added. */
export interface Finding {
  state: "ok" | "hint" | "problem" | "off";
  subject: string;
  text: string;
}

/** Looks at everything that a server with this configuration needs. Changes nothing. */
export async function examine(config: Config, clock: Clock): Promise<Finding[]> {
  const running = serverRuns(config);
  return [
    configuration(config),
    publicAddress(config),
    dataFolder(config, running),
    ...secretFiles(config),
    diskSpace(config),
    await database(config),
    ...(await vaultFindings(config)),
    await port(config, running),
    timeOfDay(clock),
    ...signInFindings(config),
    ...(await twitchFindings(config, clock)),
    ...(await discordFindings(config, clock)),
    ...services(config),
  ];
}

function configuration(config: Config): Finding {
  const from = config.file === undefined ? "the environment and defaults" : `the environment and ${config.file}`;
  return { state: "ok", subject: "configuration", text: `read from ${from}` };
}

function publicAddress({ publicUrl, host }: Config): Finding {
  const url = new URL(publicUrl);
  const open = !isLoopback(host);
  const subject = "public address";
  if (open && isLoopback(url.hostname)) {
    return {
      state: "hint",
      subject,
      text: `${publicUrl} works on this machine alone, but HOST=${host} is open to others: set PUBLIC_URL to what they type`,
    };
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return {
      state: "hint",
      subject,
      text: `${publicUrl} is not encrypted: put a proxy with TLS in front and set PUBLIC_URL to its https:// address`,
    };
  }
  return { state: "ok", subject, text: publicUrl };
}

/** True when a server holds the data folder now. */
function serverRuns({ dataDir }: Config): boolean {
  if (!existsSync(join(dataDir, "foyer.lock"))) return false;
  try {
    lockFolder(dataDir).release();
    return false;
  } catch (error) {
    return error instanceof FolderInUseError;
  }
}

function dataFolder({ dataDir }: Config, running: boolean): Finding {
  const subject = "data folder";
  const place = nearestFolder(dataDir);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch {
    return {
      state: "problem",
      subject,
      text: `${place} cannot be written: give it to the user that runs Foyer, or set DATA_DIR`,
    };
  }
  if (place !== dataDir) return { state: "ok", subject, text: `${dataDir} is made at the first start` };
  return { state: "ok", subject, text: `${dataDir}${running ? ", in use by a running server" : ""}` };
}

function secretFiles(config: Config): Finding[] {
  const paths = [secretPath(config.dataDir), ...(config.file === undefined ? [] : [config.file])];
  return paths.filter(existsSync).map((path) => {
    const mode = statSync(path).mode & 0o777;
    if ((mode & 0o077) === 0)
      return { state: "ok", subject: "secrets", text: `${path} is readable by its owner alone` };
    return {
      state: "problem",
      subject: "secrets",
      text: `others may read ${path} (mode ${mode.toString(8)}): chmod 600 ${path}`,
    };
  });
}

function diskSpace({ dataDir }: Config): Finding {
  const { bavail, bsize } = statfsSync(nearestFolder(dataDir));
  const free = (bavail * bsize) / 2 ** 30;
  const text = `${free.toFixed(1)} GiB free`;
  if (free < 0.2)
    return { state: "problem", subject: "disk", text: `only ${text}: messages are refused when it is full` };
  return { state: free < 2 ? "hint" : "ok", subject: "disk", text };
}

async function database(config: Config): Promise<Finding> {
  const subject = "database";
  const embedded = config.databaseUrl.startsWith("file:");
  const path = sqlitePath(config.databaseUrl);
  if (embedded && !existsSync(path)) return { state: "ok", subject, text: `${path} is made at the first start` };
  const name = embedded ? path : `Postgres at ${new URL(config.databaseUrl).host}`;
  const broken = embedded ? damage(path) : undefined;
  if (broken !== undefined)
    return { state: "problem", subject, text: `${path} is damaged (${broken}): restore a backup` };
  try {
    const opened = openDatabase(config.databaseUrl, { log: silentLogger() });
    try {
      const { missing, unknown } = await schemaState(opened, schemaSteps);
      if (unknown.length > 0)
        return { state: "problem", subject, text: `${name} was made by a newer Foyer (${unknown.join(", ")})` };
      if (missing.length > 0)
        return {
          state: "hint",
          subject,
          text: `${name} is brought up to date at the next start (${missing.join(", ")})`,
        };
      return { state: "ok", subject, text: `${name}, schema up to date (${schemaSteps.at(-1)?.name})` };
    } finally {
      await opened.close();
    }
  } catch (error) {
    return {
      state: "problem",
      subject,
      text: `${name} cannot be opened: ${error instanceof Error ? error.message : "unknown reason"}`,
    };
  }
}

async function port(config: Config, running: boolean): Promise<Finding> {
  const subject = "port";
  const where = `${config.port} on ${config.host}`;
  if (config.port === 0) return { state: "ok", subject, text: "any free one" };
  const code = await tryPort(config.port, config.host);
  if (code === undefined) return { state: "ok", subject, text: `${where} is free` };
  if (code === "EADDRINUSE" && running)
    return { state: "ok", subject, text: `${where} is in use, and so is the data folder: the server runs` };
  if (code === "EADDRINUSE")
    return { state: "problem", subject, text: `${where} is in use by another program: set PORT` };
  return { state: "problem", subject, text: `${where} cannot be opened (${code}): set PORT or HOST` };
}

function tryPort(number: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    server.listen(number, host, () => server.close(() => resolve(undefined)));
  });
}

/** The day on which this version was made: a clock before it is wrong, and sessions would end at once or never. */
const madeAfter = Date.UTC(2026, 10, 1);

function timeOfDay(clock: Clock): Finding {
  const text = new Date(clock.now()).toISOString();
  if (clock.now() < madeAfter)
    return { state: "problem", subject: "clock", text: `${text} lies in the past: set the clock of this machine` };
  return { state: "ok", subject: "clock", text };
}

function services(config: Config): Finding[] {
  const metrics: Finding =
    config.metricsToken === undefined
      ? {
          state: "off",
          subject: "metrics",
          text: "/metrics answers this machine alone: set METRICS_TOKEN to read it from elsewhere",
        }
      : { state: "ok", subject: "metrics", text: "/metrics answers this machine, and others with METRICS_TOKEN" };
  const registration: Finding = {
    state: config.registration === "open" ? "ok" : "off",
    subject: "registration",
    text:
      config.registration === "open"
        ? "open to everybody: REGISTRATION=closed ends that"
        : "closed: REGISTRATION=open opens it",
  };
  const guests: Finding =
    config.guests === "none"
      ? {
          state: "off",
          subject: "guests",
          text: "may not come in: set GUESTS=read or write before the first start, or change a room's settings",
        }
      : { state: "ok", subject: "guests", text: `may ${config.guests} in general when it is first made` };
  const proxies: Finding =
    config.trustedProxies.length === 0
      ? {
          state: "off",
          subject: "proxies",
          text: "none is trusted: behind one, set TRUSTED_PROXIES, or everybody has the proxy's address",
        }
      : { state: "ok", subject: "proxies", text: config.trustedProxies.join(", ") };
  const unused = groupStates(config.services)
    .filter(({ group, set, missing }) => !usedGroups.has(group) && set.length > 0 && missing.length === 0)
    .map(
      ({ title, set }): Finding => ({
        state: "hint",
        subject: title,
        text: `${set.join(", ")} is set, but this version does not use it yet`,
      }),
    );
  return [registration, guests, proxies, metrics, ...unused];
}

function nearestFolder(path: string): string {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}
