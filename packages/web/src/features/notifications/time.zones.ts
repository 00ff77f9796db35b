/** The zone of this browser, such as Europe/Berlin. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/**
 * Zones to choose from, with those of `also` that browsers leave out of their list though they know them: UTC, and
 * older names.
 */
export function timeZones(also: readonly string[]): string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", ...also])].sort();
}

/** True when the quiet time goes over midnight. */
export function isOvernight(from: string, to: string): boolean {
  return from !== "" && to !== "" && to < from;
}
