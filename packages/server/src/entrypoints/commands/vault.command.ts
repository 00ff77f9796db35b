import { Command, InvalidArgumentError } from "commander";
import { withKeyCare } from "../../app/vault.offline.ts";
import { vaultKeyFile } from "../../app/vault.ts";
import { createIds, systemClock } from "../../platform/clock/clock.ts";
import { loadConfig } from "../../platform/config/config.ts";
import { oneLine } from "../../platform/logs/fields.ts";
import { commandLog, type Shell } from "./shell.ts";
import { looking, vaultExportCommand, vaultImportCommand } from "./vault.carry.command.ts";

/**
 * `foyer vault create-key`, `status` and `rewrap`: the keys that seal stored credentials. `export` and `import`: the
 * credentials themselves, in a file. All may run next to servers.
 */
export function vaultCommand(shell: Shell): Command {
  const createKey = new Command("create-key")
    .description("make a new key in the key file and seal under it from now on; the old keys stay")
    .action(() => {
      const config = loadConfig(shell.env, { makeSecrets: false });
      const file = vaultKeyFile(config, { clock: systemClock, ids: createIds(systemClock) });
      const first = file.read() === undefined;
      const id = file.add();
      const about = first
        ? "Keep a copy of it in a safe place: without it stored credentials cannot be opened."
        : "Copy it to every node and into your backups, then run `foyer vault rewrap`.";
      const kms = "KMS_KEY_ID" in config.services ? " KMS_KEY_ID is set: this key only opens." : "";
      shell.stdout.write(`Made the key file:${id} in ${file.path}. ${about}${kms}\n`);
    });

  const status = new Command("status")
    .description("say which keys there are, how they are, and how many credentials hang on each; 1 when one is missing")
    .action(async () => {
      const config = looking(loadConfig(shell.env, { makeSecrets: false }));
      const reports = await withKeyCare(config, commandLog(config, shell), (care) => care.report());
      for (const { keyId, state, current, text, total, lost } of reports) {
        const use = `${total} secret${total === 1 ? "" : "s"}${lost > 0 ? `, ${lost} marked for a new sign-in` : ""}`;
        shell.stdout.write(
          `${state.padEnd(11)}  ${current ? "current" : "       "}  ${keyId}  ${use}  ${oneLine(text)}\n`,
        );
      }
      if (reports.some(({ state }) => state !== "usable")) process.exitCode = 1;
    });

  const rewrap = new Command("rewrap")
    .description("seal everything under the current key that hangs on older ones; may be interrupted and run again")
    .option("--batch <number>", "credentials that are read at once", wholeNumber, 200)
    .action(async ({ batch }: { batch: number }) => {
      const config = looking(loadConfig(shell.env, { makeSecrets: false }));
      const report = await withKeyCare(config, commandLog(config, shell), (care) => care.rewrap({ batch }));
      shell.stdout.write(`${report.rewrapped} rewrapped; the current key is ${report.keyId}.\n`);
      if (report.busy > 0) shell.stdout.write(`${report.busy} were in use all the time: run it again.\n`);
      for (const [keyId, count] of Object.entries(report.lost)) {
        shell.stdout.write(
          `${count} could not be opened, because ${keyId} is gone: bring it back and run this again, or these people sign in again.\n`,
        );
      }
      if (report.busy > 0 || Object.keys(report.lost).length > 0) process.exitCode = 1;
    });

  return new Command("vault")
    .description("care for the keys of stored credentials, and carry the credentials to another server")
    .addCommand(createKey)
    .addCommand(status)
    .addCommand(rewrap)
    .addCommand(vaultExportCommand(shell))
    .addCommand(vaultImportCommand(shell));
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) throw new InvalidArgumentError("1 to 10000");
  return value;
}
