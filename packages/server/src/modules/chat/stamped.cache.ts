interface Entry<T> {
  value: T;
  stamp: number;
  expiresAt: number;
  tags: readonly string[];
}

/**
 * A bounded cache whose entries are thrown away by tag. A value that was being read while its tag was invalidated is
 * never believed: the reader takes `now()` before it reads, and every invalidation counts the stamp up. Invalidating
 * costs the same however many entries carry the tag.
 */
export class StampedCache<T> {
  private readonly size: number;
  private readonly entries = new Map<string, Entry<T>>();
  /** For each tag, the least stamp that is still right. */
  private readonly floors = new Map<string, number>();
  private floor = 0;
  private stamp = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** The stamp for a value that is read from now on. */
  now(): number {
    return this.stamp;
  }

  /** The value, if it is there, has not expired at `time` (milliseconds) and was not invalidated. */
  get(key: string, time: number): T | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > time && this.isCurrent(entry)) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  /** Keeps a value; when full, the one that was put first goes. A value that is out of date already is not kept. */
  put(key: string, value: T, options: { stamp: number; expiresAt: number; tags: readonly string[] }): void {
    const entry = { value, ...options };
    if (!this.isCurrent(entry)) return;
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size <= this.size) return;
    const oldest = this.entries.keys().next().value;
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  /** Throws away everything that carries the tag. */
  invalidate(tag: string): void {
    // Forgetting a floor would bring old values back, so when there are too many, everything goes.
    if (this.floors.size >= this.size && !this.floors.has(tag)) this.clear();
    this.floors.set(tag, ++this.stamp);
  }

  /** Throws away everything. */
  clear(): void {
    this.entries.clear();
    this.floors.clear();
    this.floor = ++this.stamp;
  }

  private isCurrent(entry: Pick<Entry<T>, "stamp" | "tags">): boolean {
    if (entry.stamp < this.floor) return false;
    return entry.tags.every((tag) => entry.stamp >= (this.floors.get(tag) ?? 0));
  }
}
