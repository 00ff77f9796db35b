import { Command, CommanderError } from "commander";
import { version } from "../app/version.ts";
import { AppError } from "../platform/errors/app.error.ts";
import { OperatorError } from "../platform/errors/operator.error.ts";
import { oneLine } from "../platform/logs/fields.ts";
import { accountCommand } from "./commands/account.command.ts";
import { backupCommand } from "./commands/backup.command.ts";
import { doctorCommand } from "./commands/doctor.command.ts";
import { migrateCommand } from "./commands/migrate.command.ts";
import { restoreCommand } from "./commands/restore.command.ts";
import type { Shell } from "./commands/shell.ts";
import { startCommand } from "./commands/start.command.ts";
import { vaultCommand } from "./commands/vault.command.ts";

/**
 * Runs one command. Returns the exit code: 0 for success, 1 for what is wrong with the server or its surroundings, 2
 * for a wrong use of the command. Errors are one line on standard error; only a defect comes with its stack.
 */
export async function runProgram(args: readonly string[], shell: Shell): Promise<number> {
  const program = new Command("foyer")
    .description("Foyer: chat for live streamers, on one server that you own.")
    .version(version)
    .addCommand(startCommand(shell))
    .addCommand(doctorCommand(shell))
    .addCommand(accountCommand(shell))
    .addCommand(backupCommand(shell))
    .addCommand(restoreCommand(shell))
    .addCommand(migrateCommand(shell))
    .addCommand(vaultCommand(shell));
  for (const command of allOf(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: (text) => void shell.stderr.write(text),
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    shell.stderr.write(`foyer: ${errorText(error)}\n`);
    return 1;
  }
}

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap((each) => allOf(each))];
}

function errorText(error: unknown): string {
  if (error instanceof OperatorError) return oneLine(error.message);
  if (error instanceof AppError) {
    const fields = error.fields?.map(({ path, message }) => `${path} ${message}`).join(", ");
    return oneLine(fields === undefined ? error.message : `${error.message} ${fields}`);
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
