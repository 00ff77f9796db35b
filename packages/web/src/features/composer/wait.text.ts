import { composerTexts } from "./composer.texts.ts";

/** A time of waiting in short: seconds up to two minutes, then minutes, then hours; rounded up. */
export function waitText(seconds: number): string {
  if (seconds <= 120) return composerTexts.wait.seconds(Math.max(1, Math.ceil(seconds)));
  if (seconds <= 7_200) return composerTexts.wait.minutes(Math.ceil(seconds / 60));
  return composerTexts.wait.hours(Math.ceil(seconds / 3_600));
}
