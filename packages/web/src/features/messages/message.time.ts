import { dayOf } from "./message.rows.ts";
import { messagesTexts } from "./messages.texts.ts";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const nearDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

/** Hour and minute, as the reader's country writes them. */
export function timeOfDay(iso: string): string {
  return clock.format(new Date(iso));
}

/** Hour and minute without the half of the day, for places that are narrow. */
export function shortTime(iso: string): string {
  return clock
    .formatToParts(new Date(iso))
    .filter((part) => part.type !== "dayPeriod")
    .map((part) => part.value)
    .join("")
    .trim();
}

/** Date and time in full, for tooltips and screen readers. */
export function fullTime(iso: string): string {
  return full.format(new Date(iso));
}

/** A day for a separator: today, yesterday, or its date, with the year when it is not the current one. */
export function dayName(iso: string, now: Date): string {
  const day = dayOf(iso);
  if (day === dayOf(now.toISOString())) return messagesTexts.today;
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (day === dayOf(yesterday.toISOString())) return messagesTexts.yesterday;
  const date = new Date(iso);
  return (date.getFullYear() === now.getFullYear() ? nearDay : longDay).format(date);
}
