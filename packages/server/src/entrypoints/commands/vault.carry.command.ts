import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { withVault } from "../../app/vault.offline.ts";
import { isoTime } from "../../platform/clock/clock.ts";
import { type Config, loadConfig } from "../../platform/config/config.ts";
import { OperatorError } from "../../platform/errors/operator.error.ts";
import { oneLine } from "../../platform/logs/fields.ts";
import { writeNewFile } from "./new.file.ts";
import { readPassword } from "./password.prompt.ts";
import { commandLog, type Shell } from "./shell.ts";

const fromWhere = "The passphrase is asked for, or read from standard input: it never stands on the command line.";

/** A command that is to use keys makes none by the way. */
export function looking(config: Config): Config {
  return { ...config, nodeEnv: "production" };
}

/** `foyer vault export <file>`: all credentials in one file that is sealed for a passphrase. */
export function vaultExportCommand(shell: Shell): Command {
  return new Command("export")
    .description("write all stored credentials into one file that is sealed for a passphrase")
    .argument("<file>", "a new file")
    .addHelpText("after", `\n${fromWhere} It must have at least 14 characters.`)
    .action(async (file: string) => {
      const config = looking(loadConfig(shell.env, { makeSecrets: false }));
      const passphrase = await readPassword(shell, "Passphrase for the file");
      const counts = await withVault(config, commandLog(config, shell), (vault) =>
        writeNewFile(resolve(file), async () => (await vault.takeOut(passphrase)).text),
      );
      const { links, credentials, unopened } = counts;
      shell.stdout.write(
        `Wrote ${file}: ${amount(links, "identity link")}, ${amount(credentials, "credential")}. Without the passphrase nobody can read it, and nobody can recover it.\n`,
      );
      if (unopened === 0) return;
      shell.stdout.write(
        `${amount(unopened, "credential")} could not be opened and ${unopened === 1 ? "is" : "are"} missing: \`foyer vault status\` names the key.\n`,
      );
      process.exitCode = 1;
    });
}

/** What is said of the records that were left as they are. */
const why: Record<string, string> = {
  unchanged: "is here already",
  newer: "what is here is newer",
  no_account: "there is no such account here",
  other_link: "the account is linked to another outside account here",
  taken: "the outside account belongs to another account here",
  ended: "it was unlinked or revoked here after the file was made",
  busy: "it was in use all the time: run this again",
};

/** `foyer vault import <file>`: what such a file holds, sealed under the key of this server. */
export function vaultImportCommand(shell: Shell): Command {
  return new Command("import")
    .description("read the credentials of such a file into this server, for accounts that it has; may be run again")
    .argument("<file>", "a file that `vault export` or an owner's page wrote")
    .addHelpText("after", `\n${fromWhere}`)
    .action(async (file: string) => {
      const config = looking(loadConfig(shell.env, { makeSecrets: false }));
      const passphrase = await readPassword(shell, "Passphrase of the file", { once: true });
      const source = () => createReadStream(resolve(file), "utf8") as AsyncIterable<string>;
      const report = await withVault(config, commandLog(config, shell), (vault) =>
        vault.bringIn(source, passphrase, ({ outcome, provider, accountId, handle }) => {
          const about = why[outcome] === undefined ? "" : `  (${why[outcome]})`;
          shell.stdout.write(
            `${outcome.padEnd(10)}  ${provider.padEnd(7)}  ${oneLine(handle)}  ${accountId}${about}\n`,
          );
        }),
      ).catch((error: unknown) => {
        throw unreadable(error) ?? error;
      });
      const { outcomes, counts, exportedAt } = report;
      const left = counts.links - outcomes.added - outcomes.updated - outcomes.unchanged;
      shell.stdout.write(
        `Of ${amount(counts.links, "identity link")} of ${isoTime(exportedAt)}: ${outcomes.added} added, ${outcomes.updated} updated, ${outcomes.unchanged} here already, ${left} left as they are.\n`,
      );
      if (counts.unopened > 0) {
        shell.stdout.write(
          `${amount(counts.unopened, "credential")} could not be opened when the file was made: these people sign in again.\n`,
        );
      }
      if (outcomes.busy > 0) process.exitCode = 1;
    });
}

function unreadable(error: unknown): OperatorError | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === "ENOENT") return new OperatorError("There is no such file.");
  if (code === "EACCES" || code === "EISDIR") return new OperatorError(`The file cannot be read (${code}).`);
  return undefined;
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
