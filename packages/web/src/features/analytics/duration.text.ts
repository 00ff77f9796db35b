import { analyticsTexts as t } from "./analytics.texts.ts";

/** Milliseconds as people read them: "240 ms", "1.5 s"; a dash where nothing was measured. */
export function durationText(milliseconds: number | null): string {
  if (milliseconds === null) return "–";
  return milliseconds < 1000 ? t.milliseconds(milliseconds) : t.seconds(milliseconds);
}
