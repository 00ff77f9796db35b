import { resolve } from "node:path";
import { z } from "zod";
import { checkGroups, checkProduction } from "./config.checks.ts";
import { ConfigError } from "./config.error.ts";
import { groupVariables } from "./config.groups.ts";
import { ensureSecret, secretPath } from "./config.secrets.ts";
import type { Config, Given, Limits } from "./config.shape.ts";
import { allVariables, type Environment, readSource, type Source } from "./config.source.ts";
import { limitVariables, serverVariables } from "./config.variables.ts";
import type { Variable } from "./variable.ts";

export type { Config } from "./config.shape.ts";

/** How `loadConfig` treats the disk. */
export interface LoadOptions {
  /** Folder that relative paths start from; default: where the process was started. */
  cwd?: string;
  /** False: make no secret when one is missing; `jwtSecret` is "" then. For commands that only look. */
  makeSecrets?: boolean;
}

/**
 * Reads and checks the configuration from the environment and the optional settings file. Throws `ConfigError` with
 * one line for the first thing that is wrong. Without JWT_SECRET a strong one is made in the data folder.
 */
export function loadConfig(env: Environment, options: LoadOptions = {}): Config {
  const cwd = options.cwd ?? process.cwd();
  const source = readSource(env, cwd);
  const values = parseAll(source);
  const given = pick(serverVariables, values) as Given;
  const services: Record<string, string> = {};
  for (const each of groupVariables) {
    const text = source.text(each.name);
    if (text !== undefined) services[each.name] = text;
  }

  const port = given.port ?? 3000;
  const dataDir = resolve(cwd, given.dataDir ?? "data");
  const publicUrl = given.publicUrl ?? `http://localhost:${port}`;
  const config: Config = {
    port,
    host: given.host ?? "127.0.0.1",
    publicUrl,
    nodeEnv: given.nodeEnv ?? "development",
    logLevel: given.logLevel,
    dataDir,
    databaseUrl: given.databaseUrl ?? `file:${resolve(dataDir, "foyer.db")}`,
    jwtSecret: given.jwtSecret ?? "",
    sessionSeconds: given.sessionSeconds ?? 86_400,
    jwtExpiresIn: given.jwtExpiresIn ?? 1800,
    trustedProxies: given.trustedProxies ?? [],
    outgoingNetworks: given.outgoingNetworks ?? [],
    allowedOrigins: given.allowedOrigins ?? [publicUrl],
    guests: given.guests ?? "none",
    registration: given.registration ?? "open",
    hstsSubdomains: given.hstsSubdomains ?? "no",
    metricsToken: given.metricsToken,
    limits: limitsOf(pick(limitVariables, values)),
    services,
    file: source.file,
  };
  checkGroups(config);
  if (config.nodeEnv === "production") checkProduction(config);
  if (config.jwtSecret === "" && options.makeSecrets !== false) config.jwtSecret = ensureSecret(secretPath(dataDir));
  return config;
}

/** The one schema: every variable's parser under its name. What is not given stays out. */
const schema = z.object(Object.fromEntries(allVariables.map((each) => [each.name, each.parse.optional()])));

function parseAll(source: Source): Record<string, unknown> {
  const texts = Object.fromEntries(allVariables.map((each) => [each.name, source.text(each.name)?.trim()]));
  const result = schema.safeParse(texts);
  if (result.success) return result.data;
  const name = String(result.error.issues[0]?.path[0]);
  const declared = allVariables.find((each) => each.name === name);
  if (declared === undefined) throw result.error;
  const shown = declared.secret ? "the value given (not shown)" : JSON.stringify(texts[name]?.slice(0, 120));
  throw new ConfigError(name, `${name}${source.origin(name)} must be ${declared.allowed}; ${shown} is not.`);
}

function pick(variables: Record<string, Variable>, values: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(variables).map(([key, each]) => [key, values[each.name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function limitsOf(given: Record<string, unknown>): Limits {
  const defaults = Object.entries(limitVariables).map(([key, each]) => [key, Number(each.defaultText)] as const);
  return { ...Object.fromEntries(defaults), ...given } as Limits;
}
