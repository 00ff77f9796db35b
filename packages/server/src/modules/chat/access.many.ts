import type { Caller } from "../../platform/caller/caller.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import type { Access } from "./access.ts";

/** Those of the rooms that the caller may read: asked of `access`, which knows most of it without waiting. */
export async function readableOf(
  access: Pick<Access, "cached" | "load">,
  caller: Caller,
  roomIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const readable = new Set<string>();
  for (const roomId of roomIds) {
    try {
      const { rights } = access.cached(caller, roomId) ?? (await access.load(caller, roomId));
      if (rights.read) readable.add(roomId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return readable;
}
