import { roomSettingsTexts } from "./room-settings.texts.ts";

const texts = roomSettingsTexts.slowModes;

/** Lengths of slow mode that are offered, in seconds; 0 is off. */
const slowModePresets = [0, 5, 10, 30, 60, 300, 900, 3_600, 21_600] as const;

/** A length of slow mode in words. */
function slowModeText(seconds: number): string {
  if (seconds === 0) return texts.off;
  if (seconds % 3_600 === 0) return texts.hours(seconds / 3_600);
  if (seconds % 60 === 0) return texts.minutes(seconds / 60);
  return texts.seconds(seconds);
}

/** Choices for a select: the presets, and the current length when it is none of them. */
export function slowModeChoices(current: number): { value: string; label: string }[] {
  return [...new Set<number>([...slowModePresets, current])]
    .sort((a, b) => a - b)
    .map((seconds) => ({ value: String(seconds), label: slowModeText(seconds) }));
}
