import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OperatorError } from "../errors/operator.error.ts";

/** Somebody else uses the data folder. `message` is one line for the operator. */
export class FolderInUseError extends OperatorError {
  constructor(folder: string) {
    super(`Another Foyer server is running on the data folder ${folder}: stop it first, or choose another DATA_DIR.`);
    this.name = "FolderInUseError";
  }
}

/** A held data folder. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process alone. The lock is an open exclusive transaction on `foyer.lock`, which the
 * operating system drops when the process ends, however it ends: no stale file has to be removed by hand. Throws
 * FolderInUseError when another process (or another server of this one) holds it.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, "foyer.lock"), { timeout: 0 });
  try {
    database.exec("begin exclusive");
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === 5) throw new FolderInUseError(folder);
    throw error;
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}
