import { resolve } from "node:path";
import { Command } from "commander";
import { makeBackup } from "../../app/backup.ts";
import { systemClock } from "../../platform/clock/clock.ts";
import { loadConfig } from "../../platform/config/config.ts";
import type { Shell } from "./shell.ts";

/** `foyer backup <file>`: one file with all data and keys, made while the server runs. */
export function backupCommand(shell: Shell): Command {
  return new Command("backup")
    .description("copy all data of the embedded database into one file; the server may run")
    .argument("<file>", "a new file")
    .action(async (file: string) => {
      const config = loadConfig(shell.env, { makeSecrets: false });
      const { bytes, keys } = await makeBackup(config, resolve(file), { clock: systemClock });
      const about =
        keys.length > 0
          ? `It holds the signing key too (${keys.join(", ")}): keep it as safe as the server.`
          : "It holds no signing key: JWT_SECRET is set elsewhere, keep that too.";
      shell.stdout.write(`Wrote ${file} (${(bytes / 2 ** 20).toFixed(1)} MiB). ${about}\n`);
    });
}
