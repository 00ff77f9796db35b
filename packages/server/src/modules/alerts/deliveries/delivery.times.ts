/** A post that could not be made for so long is of no use any more, in milliseconds after Twitch's event. */
export const uselessAfterMs = 12 * 3_600_000;
/** The recap of a stream that nobody was told of is of use for so long after its end, in milliseconds. */
export const recapUsefulMs = 3 * 3_600_000;
/** So much time lies between two edits that are made because title or game changed, in milliseconds. */
export const betweenEditsMs = 30_000;

/** From when on it is too late to post. Milliseconds since 1970. */
export function giveUpAt(eventAt: number, endedAt: number | null): number {
  const useless = eventAt + uselessAfterMs;
  return endedAt === null ? useless : Math.min(useless, endedAt + recapUsefulMs);
}

/** Whether a stream that begins at `startedAt` goes on with the alert of one that ended at `endedAt`, in a guild. */
export function continues(endedAt: number, startedAt: number, reannounceMinutes: number): boolean {
  return startedAt - endedAt < reannounceMinutes * 60_000;
}
