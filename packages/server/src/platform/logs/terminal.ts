import type { DestinationStream } from "pino";

const colours: Record<string, string> = { error: "\x1b[31m", fatal: "\x1b[31m", warn: "\x1b[33m" };
const plain = "\x1b[0m";

/** Turns JSON lines into short ones for a person at a terminal: `14:02:03 warn  message  name=value`. */
export function terminalLines(write: (text: string) => void): DestinationStream {
  return { write: (line) => write(humanLine(line)) };
}

/** One JSON line of the logger as a short line with a line feed at the end. */
export function humanLine(line: string): string {
  const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  const stack =
    typeof err === "object" && err !== null && "stack" in err
      ? `\n  ${String(err.stack).replaceAll("\n", "\n  ")}`
      : "";
  const colour = colours[String(level)] ?? "";
  return `${clock} ${colour}${String(level).padEnd(5)}${colour === "" ? "" : plain} ${[msg ?? "", ...fields].join("  ")}${stack}\n`;
}
