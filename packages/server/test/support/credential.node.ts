import { createInterface } from "node:readline";
import { openDatabase } from "../../src/platform/db/open.database.ts";
import { AppError } from "../../src/platform/errors/app.error.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { credentialHouse } from "./credential.house.ts";
import type { NodeOptions } from "./node.process.ts";
import { fileVault } from "./vaults.ts";

// One node as a process of its own, driven line by line: see node.process.ts.
const { databaseUrl, folder, twitch, times } = JSON.parse(process.argv[2] ?? "{}") as NodeOptions;
const db = openDatabase(databaseUrl, { log: silentLogger() });
const { credentials } = credentialHouse({
  db,
  vault: fileVault(folder),
  twitch,
  ...(times === undefined ? {} : { times }),
});

for await (const line of createInterface({ input: process.stdin })) {
  const { id, accountId, stale } = JSON.parse(line) as { id: number; accountId: string; stale?: string };
  const answer =
    stale === undefined
      ? credentials.open(accountId, "twitch")
      : credentials.refreshAfter401(accountId, "twitch", stale);
  void answer.then(
    ({ accessToken }) => process.stdout.write(`${JSON.stringify({ id, accessToken })}\n`),
    (error: unknown) =>
      process.stdout.write(`${JSON.stringify({ id, code: error instanceof AppError ? error.code : String(error) })}\n`),
  );
}
await db.close();
