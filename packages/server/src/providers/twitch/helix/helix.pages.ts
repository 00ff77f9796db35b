import type { z } from "zod";
import { unavailable } from "../../oauth/outside.fetch.ts";
import type { HelixAnswer } from "./helix.requests.ts";
import { pageWire } from "./helix.wire.ts";

/** `values` in pieces of `size`. */
export function* pagesOf<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size);
}

/** The list of an answer, and where it goes on. Throws `provider.unavailable` for an answer without one. */
export function listOf({ status, body }: HelixAnswer): { data: unknown[]; cursor: string | undefined } {
  const page = status >= 200 && status < 300 ? pageWire.safeParse(body) : undefined;
  if (page?.success !== true) throw unavailable("Twitch", new Error(`status ${status} where a list was expected`));
  return { data: page.data.data, cursor: page.data.pagination?.cursor };
}

/** The entries of an answer that are in order; others are left out. */
export function eachOf<T>(wire: z.ZodType<T>, answer: HelixAnswer): T[] {
  return listOf(answer).data.flatMap((entry) => {
    const read = wire.safeParse(entry);
    return read.success ? [read.data] : [];
  });
}
