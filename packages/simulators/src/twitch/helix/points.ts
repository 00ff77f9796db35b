/** What is left of a minute's points after a request, and when they are full again (in seconds since 1970). */
export interface PointsLeft {
  granted: boolean;
  headers: Record<string, string>;
}

/** Helix' rate limit: points that refill steadily, a bucket for each application, or for each of its users. */
export interface Points {
  take(bucket: string): PointsLeft;
  /** Leaves so many points in every bucket that is there or comes. */
  leave(points: number): void;
}

/** Full buckets of `perMinute` points. `now` in milliseconds. */
export function createPoints(perMinute: number, now: () => number): Points {
  const buckets = new Map<string, { points: number; at: number }>();
  let first = perMinute;

  return {
    take(bucket) {
      const at = now();
      const held = buckets.get(bucket) ?? { points: first, at };
      const refilled = Math.min(perMinute, held.points + ((at - held.at) / 60_000) * perMinute);
      const granted = refilled >= 1;
      const points = granted ? refilled - 1 : refilled;
      buckets.set(bucket, { points, at });
      const fullInMs = ((perMinute - points) / perMinute) * 60_000;
      return {
        granted,
        headers: {
          "ratelimit-limit": String(perMinute),
          "ratelimit-remaining": String(Math.floor(points)),
          "ratelimit-reset": String(Math.ceil((at + fullInMs) / 1000)),
        },
      };
    },
    leave(points) {
      first = points;
      for (const each of buckets.values()) {
        each.points = points;
        each.at = now();
      }
    },
  };
}
