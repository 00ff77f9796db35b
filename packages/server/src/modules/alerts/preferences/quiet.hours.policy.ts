import type { QuietHours } from "@foyer/protocol";

/** Making one costs a thousand times what using it does; there are some six hundred zones, however they are written. */
const most = 1000;
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    if (clocks.size >= most) clocks.clear();
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** Whether a name is one of the IANA time zones that this machine knows. Offsets such as `+02:00` are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether phones stay silent at `now` (milliseconds since 1970). The clock on the wall of that zone is asked each time:
 * an hour that is left out or comes twice belongs to the quiet ones whenever it is between `from` and `to` there.
 */
export function isQuiet({ from, to, timeZone }: QuietHours, now: number): boolean {
  const time = clockOf(timeZone).format(now);
  return from <= to ? from <= time && time < to : time >= from || time < to;
}
