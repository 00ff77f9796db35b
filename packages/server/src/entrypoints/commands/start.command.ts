import { constants } from "node:os";
import { Command } from "commander";
import { composeApp } from "../../app/compose.ts";
import { openingText } from "../../app/opening.ts";
import { version } from "../../app/version.ts";
import { loadConfig } from "../../platform/config/config.ts";
import { type Shell, serverLog } from "./shell.ts";

/** `foyer start`: runs the server until a signal. */
export function startCommand(shell: Shell): Command {
  return new Command("start").description("run the server until it is told to stop").action(() => runServer(shell));
}

/**
 * Runs the server. Ends the process: with 0 after a signal, with 1 when it could not end well or something broke, at
 * once at a second signal. Throws OperatorError when it cannot start.
 */
export async function runServer(shell: Shell): Promise<void> {
  const config = loadConfig(shell.env);
  const log = serverLog(config, shell);
  const app = composeApp(config, { log, lost: () => finish(1) });

  let finishing = false;
  function finish(code: number): void {
    if (finishing) return;
    finishing = true;
    app.stop().then(
      (well) => process.exit(well ? code : 1),
      () => process.exit(1),
    );
  }
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (finishing) process.exit(128 + constants.signals[signal]);
      log.info({ signal }, "stopping");
      finish(0);
    });
  }
  // A defect has left something in an unknown state: what is committed is safe, so end in order and be started again.
  process.on("uncaughtException", (error) => {
    log.error({ err: error }, "a defect that nothing caught");
    finish(1);
  });

  try {
    const { url, unowned } = await app.start();
    if (shell.stdout.isTTY) shell.stdout.write(openingText({ url, version, unowned }));
    else
      log.info(
        { publicUrl: url, version, pid: process.pid },
        unowned ? "open: the first account made will own this server" : "open",
      );
  } catch (error) {
    // Told to stop while it was starting: that is no failure.
    if (finishing) return;
    finishing = true;
    throw error;
  }
}
