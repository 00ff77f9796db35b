/** How bad a known weakness is, as its advisory says. */
export type Severity = "critical" | "high" | "medium" | "low";

/** A known weakness of a library that is still in use. */
export interface OpenWeakness {
  library: string;
  /** Name of the advisory: `GHSA-…` or `CVE-…`. */
  advisory: string;
  severity: Severity;
  /** False: it is used for building and testing alone. */
  ships: boolean;
  /** Day on which the advisory was published: `2026-11-21`. */
  since: string;
  /** What is done about it, and why not at once. */
  plan: string;
}

/** What whoever looks after the libraries writes down: `record.json`. Days are `2026-11-21`. */
export interface LibraryRecord {
  /** When all of them were last compared with their newest versions. */
  versions: string;
  /** When advisories were last asked for; null: never yet. */
  advisories: string | null;
  open: OpenWeakness[];
}

/** Days from the advisory to a version without the weakness. The same stands in SECURITY.md, for people. */
export const remedyDays: Record<"ships" | "tools", Record<Severity, number>> = {
  ships: { critical: 2, high: 7, medium: 30, low: 90 },
  tools: { critical: 14, high: 30, medium: 90, low: 90 },
};
/** Days after which all libraries are looked at again. */
export const reviewDays = 90;

const dayMs = 86_400_000;

/** What is late at the time `at` (milliseconds since 1970), one line each. */
export function overdue({ versions, advisories, open }: LibraryRecord, at: number): string[] {
  const isOver = (day: string, days: number) => at > dayOf(day) + (days + 1) * dayMs;
  const reviews = [
    { day: versions, what: "compared with their newest versions" },
    ...(advisories === null ? [] : [{ day: advisories, what: "looked up in the advisories" }]),
  ].flatMap(({ day, what }) =>
    isOver(day, reviewDays)
      ? [`the libraries were last ${what} on ${day}: it is to be done every ${reviewDays} days`]
      : [],
  );
  const weaknesses = open.flatMap(({ library, advisory, severity, ships, since }) => {
    const days = remedyDays[ships ? "ships" : "tools"][severity];
    return isOver(since, days)
      ? [`${library}: ${advisory} (${severity}) is known since ${since}, and had ${days} days`]
      : [];
  });
  return [...reviews, ...weaknesses];
}

function dayOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`not a day: ${text}`);
  return time;
}
