import { randomBytes, randomUUID } from "node:crypto";

/** The wall clock, in milliseconds since 1970 UTC. The only place where the time is read. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Turns milliseconds into the ISO 8601 text of the protocol. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Ids and randomness. The only place where randomness is drawn. */
export interface Ids {
  /** A UUIDv7 (RFC 9562): sorts by the time it was made, and within this process strictly upwards. */
  uuid(): string;
  /** `bytes` random bytes in base64url: for tokens and keys that must not be guessed. */
  secret(bytes: number): string;
  /** A number in [0, 1): for jitter only. */
  fraction(): number;
}

/** Ids over `clock`. Within one millisecond a 12-bit counter keeps them rising; when it is full, time is borrowed. */
export function createIds(clock: Clock): Ids {
  let last = 0;
  let counter = 0;
  return {
    uuid() {
      // Node keeps randomness for version 4 ids ready, which costs a twentieth of drawing bytes for each id.
      const random = randomUUID();
      const now = clock.now();
      if (now > last) {
        last = now;
        counter = Number.parseInt(random.slice(0, 2), 16);
      } else if (++counter > 0xfff) {
        last += 1;
        counter = 0;
      }
      const time = last.toString(16).padStart(12, "0");
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${random.slice(19)}`;
    },
    secret: (bytes) => randomBytes(bytes).toString("base64url"),
    fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  };
}
