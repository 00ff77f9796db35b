import type { Environment } from "./config.source.ts";

/** The environment of this process: read here and nowhere else, and handed on explicitly. */
export function environment(): Environment {
  return process.env;
}
