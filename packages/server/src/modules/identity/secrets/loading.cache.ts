import type { Clock } from "../../../platform/clock/clock.ts";

/** Keeps what was loaded lately. What is not there is asked for again each time. */
export interface LoadingCache<V> {
  /** Values by key; unknown keys are absent. */
  get(keys: readonly string[]): Promise<Map<string, V>>;
  /** Forgets a key, also where it is being loaded at this moment. */
  forget(key: string): void;
  /** Forgets everything, also what is being loaded at this moment. */
  clear(): void;
}

export interface LoadingCacheOptions<V> {
  load: (keys: string[]) => Promise<Map<string, V>>;
  clock: Clock;
  /** Most values that are kept; the ones not used for longest go first. */
  size: number;
  /** How old a value may get, in milliseconds: bounds what a lost message of the bus can cost. */
  maxAge: number;
}

/** A bounded cache in front of `load`. */
export function createLoadingCache<V>({ load, clock, size, maxAge }: LoadingCacheOptions<V>): LoadingCache<V> {
  const entries = new Map<string, { value: V; at: number }>();
  /** Who loads a key now. A load that was overtaken by `forget` may hold an old value: it is given out, not kept. */
  const loading = new Map<string, symbol>();

  function keep(key: string, value: V, at: number): void {
    entries.delete(key);
    const oldest = entries.size >= size ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
    entries.set(key, { value, at });
  }

  async function loadAll(keys: string[]): Promise<Map<string, V>> {
    const mine = Symbol("load");
    const at = clock.now();
    for (const key of keys) loading.set(key, mine);
    try {
      const loaded = await load(keys);
      for (const [key, value] of loaded) if (loading.get(key) === mine) keep(key, value, at);
      return loaded;
    } finally {
      for (const key of keys) if (loading.get(key) === mine) loading.delete(key);
    }
  }

  return {
    async get(keys) {
      const found = new Map<string, V>();
      const missing = new Set<string>();
      const now = clock.now();
      for (const key of keys) {
        const entry = entries.get(key);
        if (entry === undefined || now - entry.at > maxAge) missing.add(key);
        else {
          keep(key, entry.value, entry.at);
          found.set(key, entry.value);
        }
      }
      if (missing.size > 0) for (const [key, value] of await loadAll([...missing])) found.set(key, value);
      return found;
    },
    forget(key) {
      entries.delete(key);
      loading.delete(key);
    },
    clear() {
      entries.clear();
      loading.clear();
    },
  };
}
