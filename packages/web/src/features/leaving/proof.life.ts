const slackMs = 30_000;

/** True when a proof counts long enough to begin something now. `until` as the server tells it, `now` in milliseconds. */
export function isFresh(until: string | null, now: number): boolean {
  return until !== null && Date.parse(until) - now > slackMs;
}
