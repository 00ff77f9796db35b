/** Styles of Discord's timestamps, `<t:seconds:style>`; without one it is `f`. */
const styles: Record<string, Intl.DateTimeFormatOptions> = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** A timestamp as Discord writes it. `seconds` since 1970; `now` in milliseconds. */
export function discordTime(seconds: number, style: string, now: number, locale?: string): string {
  if (style !== "R") return new Intl.DateTimeFormat(locale, styles[style] ?? styles["f"]).format(seconds * 1000);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const away = seconds - Math.floor(now / 1000);
  const [unit, size] = steps.find(([, each]) => Math.abs(away) >= each) ?? (["second", 1] as const);
  return relative.format(Math.trunc(away / size), unit);
}
