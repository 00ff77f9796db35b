import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `check` gives something true, and gives it back. Fails after `withinMs`. */
export async function until<T>(what: string, check: () => T, withinMs = 5_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = check();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await sleep(5);
  }
}
