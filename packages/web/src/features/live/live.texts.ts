/** Words of who is live now. English. */
export const liveTexts = {
  label: "Live now",
  live: "live",
  watch: "Watch",
  watchNamed: (name: string) => `Watch ${name} (opens in a new tab)`,
  viewers: (count: number) => `${new Intl.NumberFormat("en").format(count)} ${count === 1 ? "viewer" : "viewers"}`,
  since: (time: string) => `live for ${time}`,
  minutes: (minutes: number) => `${minutes} min`,
  hours: (hours: number, minutes: number) => `${hours} h ${String(minutes).padStart(2, "0")} min`,
  more: (count: number) => (count === 1 ? "1 more" : `${count} more`),
  less: "Show fewer",
  began: (names: string) => `Live now: ${names}`,
  ended: (names: string) => `No longer live: ${names}`,
};
