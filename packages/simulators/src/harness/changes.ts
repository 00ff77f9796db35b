/** Tells those who wait that something in a simulator has changed. */
export interface Changes {
  /** Something changed. */
  notify(): void;
  /**
   * Waits until `look` returns something (neither undefined nor false), asked at once and after every change. Rejects
   * after `ms` (default 10 s) with `what` in its message.
   */
  until<T>(look: () => T | undefined | false, ms?: number, what?: string): Promise<T>;
}

/** Nobody waits yet. */
export function createChanges(): Changes {
  const waiting = new Set<() => void>();
  return {
    notify() {
      for (const each of [...waiting]) each();
    },
    until<T>(look: () => T | undefined | false, ms = 10_000, what = look.toString()) {
      return new Promise<T>((resolve, reject) => {
        const done = (finish: () => void) => {
          clearTimeout(timer);
          waiting.delete(check);
          finish();
        };
        const check = () => {
          try {
            const found = look();
            if (found !== undefined && found !== false) done(() => resolve(found));
          } catch (error) {
            done(() => reject(error instanceof Error ? error : new Error(String(error))));
          }
        };
        const timer = setTimeout(() => done(() => reject(new Error(`not within ${ms} ms: ${what}`))), ms);
        waiting.add(check);
        check();
      });
    },
  };
}
