import { uiTexts } from "./ui.texts.ts";

const minute = 60_000;
const day = 86_400_000;

/** A time as people say it: "just now", "5 min ago", "14:05", "12 Nov", "12 Nov 2025". `now` in milliseconds. */
export function whenText(iso: string, now: number = Date.now()): string {
  const at = Date.parse(iso);
  const past = now - at;
  if (past >= 0 && past < minute) return uiTexts.justNow;
  if (past >= 0 && past < 60 * minute) return uiTexts.minutesAgo(Math.floor(past / minute));
  const date = new Date(at);
  const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }).format(date);
  if (date.toDateString() === new Date(now).toDateString()) return time;
  if (Math.abs(past) < 7 * day) {
    return `${new Intl.DateTimeFormat(undefined, { weekday: "short" }).format(date)} ${time}`;
  }
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(undefined, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(date);
}

/** A whole date and time, for titles and details. */
export function fullTimeText(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
}

/** A day: "12 November 2026". */
export function dayText(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(new Date(iso));
}

/** A day in short: "12 Nov 2026". */
export function shortDayText(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(new Date(iso));
}

/** A time as people say it, with the whole of it as its title. */
export function When(props: { at: string; className?: string }) {
  return (
    <time dateTime={props.at} title={fullTimeText(props.at)} className={`tabular ${props.className ?? ""}`}>
      {whenText(props.at)}
    </time>
  );
}
