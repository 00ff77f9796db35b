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
  justNow: "just now",
  more: (count: number) => `${count} more`,
  moreShort: (count: number) => `+${count}`,
  moreNamed: (count: number) => `${count} more who are live`,
  less: "Fewer",
  began: (names: string) => `Live now: ${names}`,
  ended: (names: string) => `No longer live: ${names}`,
};
