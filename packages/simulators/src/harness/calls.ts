/** Counts what was asked of a simulator, by operation. */
export interface Calls {
  count(operation: string): void;
  /** How often each operation was asked. */
  all(): Record<string, number>;
  /** How often one operation was asked, or everything together. */
  of(operation?: string): number;
  reset(): void;
}

/** A counter at nothing. */
export function createCalls(): Calls {
  const counts = new Map<string, number>();
  return {
    count: (operation) => void counts.set(operation, (counts.get(operation) ?? 0) + 1),
    all: () => Object.fromEntries(counts),
    of: (operation) =>
      operation === undefined
        ? [...counts.values()].reduce((sum, each) => sum + each, 0)
        : (counts.get(operation) ?? 0),
    reset: () => counts.clear(),
  };
}
