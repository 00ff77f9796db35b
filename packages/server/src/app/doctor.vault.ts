import { existsSync } from "node:fs";
import { createIds, systemClock } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { sqlitePath } from "../platform/db/open.database.ts";
import { OperatorError } from "../platform/errors/operator.error.ts";
import { silentLogger } from "../platform/logs/logger.ts";
import type { KeyReport } from "../platform/vault/key.care.ts";
import type { Finding } from "./doctor.ts";
import { withKeyCare } from "./vault.offline.ts";
import { vaultKeyFile, vaultKeyPath } from "./vault.ts";

const subject = "vault";

/** Looks at the keys that seal stored credentials. Makes no key. */
export async function vaultFindings(config: Config): Promise<Finding[]> {
  const path = vaultKeyPath(config.dataDir);
  const kms = "KMS_KEY_ID" in config.services;
  try {
    vaultKeyFile(config, { clock: systemClock, ids: createIds(systemClock) }).read();
  } catch (error) {
    if (error instanceof OperatorError) return [{ state: "problem", subject, text: error.message }];
    throw error;
  }
  if (!kms && !existsSync(path)) {
    const production = config.nodeEnv === "production";
    if (production)
      return [
        {
          state: "problem",
          subject,
          text: `there is no key: make ${path} with foyer vault create-key, or set KMS_KEY_ID`,
        },
      ];
  }
  const empty = config.databaseUrl.startsWith("file:") && !existsSync(sqlitePath(config.databaseUrl));
  if (empty && !kms)
    return [{ state: "ok", subject, text: existsSync(path) ? path : `${path} is made when it is first needed` }];
  try {
    // As in production: a doctor makes nothing.
    const looking: Config = { ...config, nodeEnv: "production" };
    const reports = empty ? [] : await withKeyCare(looking, silentLogger(), (care) => care.report());
    return reports.map(keyFinding);
  } catch (error) {
    if (!kms && !existsSync(path)) return [{ state: "ok", subject, text: `${path} is made when it is first needed` }];
    const text = error instanceof Error ? error.message : "unknown reason";
    // A database that cannot be read has a finding of its own.
    return [{ state: "hint", subject, text: `could not be looked at: ${text}` }];
  }
}

/** What there is to say about one key. */
export function keyFinding({ keyId, state, current, text, total }: KeyReport): Finding {
  const name = `${keyId} (${total} secret${total === 1 ? "" : "s"})`;
  if (state === "usable" && current) return { state: "ok", subject, text: `${name}, ${text}` };
  if (state === "usable")
    return { state: "hint", subject, text: `${name} is an old key: foyer vault rewrap takes them to the current one` };
  if (state === "unavailable") return { state: "problem", subject, text: `${name} cannot be used now: ${text}` };
  return {
    state: "problem",
    subject,
    text: `${name} is lost: ${text} Bring it back, or these people sign in again at the provider`,
  };
}
