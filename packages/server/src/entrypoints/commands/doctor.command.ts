import { Command } from "commander";
import { examine, type Finding } from "../../app/doctor.ts";
import { version } from "../../app/version.ts";
import { systemClock } from "../../platform/clock/clock.ts";
import { loadConfig } from "../../platform/config/config.ts";
import { oneLine } from "../../platform/logs/fields.ts";
import type { Shell } from "./shell.ts";

const marks: Record<Finding["state"], string> = { ok: "ok     ", hint: "hint   ", problem: "PROBLEM", off: "off    " };

/** `foyer doctor`: says what is configured, what can be added, and what is wrong. Exit code 1 when something is. */
export function doctorCommand(shell: Shell): Command {
  return new Command("doctor")
    .description("say what is configured, what can be added, and what is wrong")
    .action(async () => {
      const findings = await examine(loadConfig(shell.env, { makeSecrets: false }), systemClock);
      shell.stdout.write(`Foyer ${version}, Node ${process.version}\n\n`);
      const width = Math.max(...findings.map(({ subject }) => subject.length));
      for (const { state, subject, text } of findings) {
        shell.stdout.write(`${marks[state]}  ${subject.padEnd(width)}  ${oneLine(text)}\n`);
      }
      const problems = findings.filter(({ state }) => state === "problem").length;
      shell.stdout.write(problems === 0 ? "\nNothing is wrong.\n" : `\n${problems} to mend.\n`);
      if (problems > 0) process.exitCode = 1;
    });
}
