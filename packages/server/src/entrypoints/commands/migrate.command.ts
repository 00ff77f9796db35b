import { Command } from "commander";
import { upgradeDatabase } from "../../app/offline.ts";
import { loadConfig } from "../../platform/config/config.ts";
import { commandLog, type Shell } from "./shell.ts";

/** `foyer migrate`: brings the database up to date without starting the server, which would do it by itself. */
export function migrateCommand(shell: Shell): Command {
  return new Command("migrate")
    .description("bring the database up to date; `start` does it by itself")
    .option(
      "--restored",
      "after pg_restore: clients must not go on where they were, so every room gets a new epoch",
      false,
    )
    .action(async ({ restored }: { restored: boolean }) => {
      const config = loadConfig(shell.env);
      const done = await upgradeDatabase(config, commandLog(config, shell), { restored });
      if (restored) shell.stdout.write("Every room has a new epoch.\n");
      shell.stdout.write(done.length === 0 ? "The database is up to date.\n" : `Applied ${done.join(", ")}.\n`);
    });
}
