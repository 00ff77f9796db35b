import { StringDecoder } from "node:string_decoder";
import { OperatorError } from "../../platform/errors/operator.error.ts";
import type { Shell } from "./shell.ts";

/**
 * Reads a password: at a terminal twice, without showing it, or `once` where there is one already; otherwise the first
 * line of standard input. Throws OperatorError when nothing comes, the two differ, or the person gives up.
 */
export async function readPassword(shell: Shell, question: string, { once = false } = {}): Promise<string> {
  if (!shell.stdin.isTTY) return firstLine(shell.stdin);
  const password = await hiddenLine(shell, `${question}: `);
  if (once) return password;
  const again = await hiddenLine(shell, "The same again: ");
  if (password !== again) throw new OperatorError("The two are not the same.");
  return password;
}

async function firstLine(stdin: NodeJS.ReadStream): Promise<string> {
  let text = "";
  for await (const chunk of stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.includes("\n") || text.length > 10_000) break;
  }
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  if (line === "") throw new OperatorError("No password was given on standard input.");
  return line;
}

const giveUp = ["\u0003", "\u0004"];
const erase = ["\u007f", "\b"];

function hiddenLine({ stdin, stderr }: Shell, question: string): Promise<string> {
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  const decoder = new StringDecoder("utf8");
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let line: string[] = [];
  const type = (character: string): boolean => {
    if (character === "\r" || character === "\n") resolve(line.join(""));
    else if (giveUp.includes(character)) reject(new OperatorError("Given up."));
    else {
      if (erase.includes(character)) line = line.slice(0, -1);
      else if (character >= " ") line.push(character);
      return false;
    }
    return true;
  };
  const read = (chunk: Buffer): void => {
    const characters = Array.from(decoder.write(chunk));
    const end = characters.findIndex(type);
    if (end < 0) return;
    stdin.off("data", read);
    stdin.pause();
    // What was typed ahead, or pasted, is the answer to the next question.
    const rest = characters.slice(end + 1).join("");
    if (rest !== "") stdin.unshift(Buffer.from(rest));
  };
  stdin.on("data", read);
  return promise.finally(() => {
    stdin.setRawMode(false);
    stderr.write("\n");
  });
}
