import { Argument, Command, Option } from "commander";
import { withIdentity } from "../../app/offline.ts";
import { loadConfig } from "../../platform/config/config.ts";
import { readPassword } from "./password.prompt.ts";
import { commandLog, type Shell } from "./shell.ts";

const roles = ["owner", "admin", "moderator", "member"] as const;
const fromWhere = "The password is asked for, or read from standard input: it never stands on the command line.";

/** `foyer account create` and `foyer account reset-password`. Both may run next to the server. */
export function accountCommand(shell: Shell): Command {
  const create = new Command("create")
    .description("make an account; the first one always owns the server")
    .addArgument(new Argument("<handle>", "name to sign in with"))
    .addOption(new Option("--role <role>", "what it may do").choices(roles).default("member"))
    .addHelpText("after", `\n${fromWhere}`)
    .action(async (handle: string, { role }: { role: (typeof roles)[number] }) => {
      const config = loadConfig(shell.env);
      const password = await readPassword(shell, `Password of ${handle}`);
      const account = await withIdentity(config, commandLog(config, shell), (identity) =>
        identity.createAccount({ handle, password, role }),
      );
      shell.stdout.write(`Made the account ${account.handle} (${account.role}).\n`);
    });

  const reset = new Command("reset-password")
    .description("set a new password and end all sessions of the account")
    .addArgument(new Argument("<login>", "handle or e-mail address"))
    .addHelpText("after", `\n${fromWhere}`)
    .action(async (login: string) => {
      const config = loadConfig(shell.env);
      const password = await readPassword(shell, `New password of ${login}`);
      const account = await withIdentity(config, commandLog(config, shell), (identity) =>
        identity.resetPassword(login, password),
      );
      shell.stdout.write(`${account.handle} has a new password; all sessions have ended.\n`);
    });

  return new Command("account").description("make accounts, reset passwords").addCommand(create).addCommand(reset);
}
