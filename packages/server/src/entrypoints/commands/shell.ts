import type { Logger } from "pino";
import type { Environment } from "../../platform/config/config.source.ts";
import type { Config } from "../../platform/config/config.ts";
import { createLogger } from "../../platform/logs/logger.ts";
import { terminalLines } from "../../platform/logs/terminal.ts";

/** The process as the commands see it. */
export interface Shell {
  env: Environment;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/**
 * The log of a running server: short lines on standard error, and only when something is wrong, for a person at a
 * terminal; JSON on standard output for everything else. LOG_LEVEL has the last word about how much.
 */
export function serverLog(config: Config, shell: Shell): Logger {
  const key = config.jwtSecret;
  if (!shell.stdout.isTTY) return createLogger({ level: config.logLevel ?? "info", key });
  const destination = terminalLines((text) => shell.stderr.write(text));
  return createLogger({ level: config.logLevel ?? "warn", key, destination });
}

/** The log of a command that is over soon: only what is wrong, on standard error. */
export function commandLog(config: Config, shell: Shell): Logger {
  const destination = terminalLines((text) => shell.stderr.write(text));
  return createLogger({ level: config.logLevel ?? "warn", key: config.jwtSecret, destination });
}
