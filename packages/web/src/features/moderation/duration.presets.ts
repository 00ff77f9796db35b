import { moderationTexts } from "./moderation.texts.ts";

/** Lengths of a time out, in seconds: 1 minute, 10 minutes, 1 hour, 1 day. */
export const timeOutPresets = [60, 600, 3_600, 86_400] as const;

/** Lengths of a ban, in seconds; 0 stands for "until it is lifted". */
export const banPresets = [0, 3_600, 86_400, 604_800, 2_592_000] as const;

/** A length in the largest unit that divides it: 600 is "10 minutes". */
export function durationText(seconds: number): string {
  if (seconds >= 86_400 && seconds % 86_400 === 0) return moderationTexts.days(seconds / 86_400);
  if (seconds >= 3_600 && seconds % 3_600 === 0) return moderationTexts.hours(seconds / 3_600);
  if (seconds >= 60 && seconds % 60 === 0) return moderationTexts.minutes(seconds / 60);
  return moderationTexts.seconds(seconds);
}
