import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createIds, systemClock } from "../clock/clock.ts";
import { ConfigError } from "./config.error.ts";

/** File of the signing key that Foyer makes when JWT_SECRET is not set. */
export function secretPath(dataDir: string): string {
  return join(dataDir, "jwt.secret");
}

/**
 * The secret in `path`; made with 48 random bytes and readable by the owner alone when there is none. Of several
 * processes that start at once one makes it and the others read the same. Throws ConfigError when the folder cannot
 * be written or the file was emptied.
 */
export function ensureSecret(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch {
    throw new ConfigError("DATA_DIR", `DATA_DIR ${dirname(path)} cannot be made: choose a folder that can be written.`);
  }
  try {
    writeFileSync(path, `${createIds(systemClock).secret(48)}\n`, { flag: "wx", mode: 0o600 });
    chmodSync(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new ConfigError(
        "DATA_DIR",
        `DATA_DIR ${dirname(path)} cannot be written: choose another folder, or set JWT_SECRET.`,
      );
    }
  }
  const secret = readFileSync(path, "utf8").trim();
  if (Buffer.byteLength(secret) < 32) {
    throw new ConfigError(
      "JWT_SECRET",
      `${path} is damaged: it must hold at least 32 bytes. Remove it to get a new one; everybody signs in again.`,
    );
  }
  return secret;
}
