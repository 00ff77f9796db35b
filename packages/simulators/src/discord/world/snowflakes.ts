/** Discord's ids: the time in milliseconds since 2015, and a number that makes them unique and rising. */
export type Snowflakes = () => string;

const EPOCH = 1_420_070_400_000n;

/** Ids by a clock in milliseconds. */
export function createSnowflakes(now: () => number): Snowflakes {
  let last = 0n;
  return () => {
    const next = (BigInt(Math.trunc(now())) - EPOCH) << 22n;
    last = next > last ? next : last + 1n;
    return String(last);
  };
}

/** Whether a text has the form of an id. */
export const isSnowflake = (text: string): boolean => /^\d{15,21}$/.test(text);
