import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "./config.error.ts";
import { groupVariables } from "./config.groups.ts";
import { fileVariable, limitVariables, serverVariables } from "./config.variables.ts";
import type { Variable } from "./variable.ts";

/** The environment as the operating system gives it. */
export type Environment = Record<string, string | undefined>;

/** Every variable that Foyer knows, in the order of the documentation. */
export const allVariables: readonly Variable[] = [
  ...Object.values(serverVariables),
  fileVariable,
  ...Object.values(limitVariables),
  ...groupVariables,
];

/** Texts of the settings from both sources. `origin` says for error lines where one came from. */
export interface Source {
  text(name: string): string | undefined;
  origin(name: string): string;
  file: string | undefined;
}

const known = new Set(allVariables.map((each) => each.name));
const quote = (value: unknown) => JSON.stringify(value)?.slice(0, 120) ?? "nothing";

/** Reads the settings file, if there is one, and joins it with the environment, which wins. Throws ConfigError. */
export function readSource(env: Environment, cwd: string): Source {
  for (const name of Object.keys(env)) {
    if (/^(?:LIMIT_|FOYER_)/.test(name) && !known.has(name)) throw unknown(name, "in the environment");
  }
  const given = (name: string) => (env[name] === "" ? undefined : env[name]);
  const explicit = given(fileVariable.name);
  const path = resolve(cwd, explicit ?? join(given("DATA_DIR") ?? "data", "foyer.json"));
  const fromFile = explicit !== undefined || existsSync(path) ? readFile(path) : undefined;
  if (fromFile?.has("FOYER_CONFIG"))
    throw new ConfigError("FOYER_CONFIG", "FOYER_CONFIG belongs into the environment, not into the file itself.");
  if (explicit === undefined && fromFile?.has("DATA_DIR")) {
    throw new ConfigError(
      "DATA_DIR",
      `DATA_DIR cannot be set in a file that lies in it (${path}): set it in the environment, or name the file with FOYER_CONFIG.`,
    );
  }
  return {
    text: (name) => given(name) ?? fromFile?.get(name),
    origin: (name) => (given(name) === undefined ? ` in ${path}` : ""),
    file: fromFile === undefined ? undefined : path,
  };
}

function readFile(path: string): Map<string, string> {
  const fail = (why: string) => new ConfigError("FOYER_CONFIG", `The settings file ${path} ${why}.`);
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    throw fail("cannot be read");
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw fail("is not valid JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw fail("must hold one JSON object");
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) {
    if (!known.has(name)) throw unknown(name, `in ${path}`);
    const text = textOf(value);
    if (text === undefined) {
      throw new ConfigError(name, `${name} in ${path} must be text, a number or a list of texts.`);
    }
    if (text !== "") texts.set(name, text);
  }
  return texts;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return value.join(",");
  return undefined;
}

function unknown(name: string, where: string): ConfigError {
  const near = nearest(name);
  const hint = near === undefined ? "see docs/operate/configuration.md for all settings" : `did you mean ${near}?`;
  return new ConfigError(name, `${quote(name)} ${where} is not a setting of Foyer: ${hint}`);
}

function nearest(name: string): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toUpperCase(), candidate);
    if (distance <= 4 && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { name: candidate, distance };
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
