import { resolve } from "node:path";
import { Command } from "commander";
import { restoreBackup } from "../../app/restore.ts";
import { createIds, systemClock } from "../../platform/clock/clock.ts";
import { loadConfig } from "../../platform/config/config.ts";
import { commandLog, type Shell } from "./shell.ts";

/** `foyer restore <file>`: puts a backup in the place of the embedded database. The server must not run. */
export function restoreCommand(shell: Shell): Command {
  return new Command("restore")
    .description("put a backup in the place of the data; the server must not run")
    .argument("<file>", "a file that `backup` wrote")
    .action(async (file: string) => {
      const config = loadConfig(shell.env, { makeSecrets: false });
      const report = await restoreBackup(config, resolve(file), {
        clock: systemClock,
        ids: createIds(systemClock),
        log: commandLog(config, shell),
      });
      const before = report.kept === undefined ? "" : ` What was there before is kept in ${report.kept}.`;
      const keys =
        report.keys.length > 0 ? ` The signing key of the backup is in place (${report.keys.join(", ")}).` : "";
      shell.stdout.write(`Restored the data of ${report.madeAt} (Foyer ${report.version}).${keys}${before}\n`);
    });
}
