import { cpus, release, totalmem } from "node:os";

/** One measure: what Foyer and its peer gave in each round. `better` tells which side of the ratio is the good one. */
export interface Measure {
  name: string;
  unit: string;
  better: "more" | "less";
  digits: number;
  aim: string;
  foyer: number[];
  peer: number[];
}

/** The middle value; of an even number of values the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** The measures as a Markdown table: medians, the range of the rounds, and how many times better Foyer is. */
export function table(measures: readonly Measure[], peerName: string): string {
  const rows = measures.map((measure) => {
    const { name, unit, better, aim, foyer, peer } = measure;
    const [ours, theirs] = [median(foyer), median(peer)];
    const ratio = better === "more" ? ours / theirs : theirs / ours;
    const cells = [
      `${name}, ${unit}`,
      show(measure, foyer),
      show(measure, peer),
      `${ratio.toFixed(ratio < 10 ? 2 : 0)} ×`,
      aim,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `| measure | Foyer | ${peerName} | Foyer is better by | aim |`,
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** Where and when it was measured, in one line. */
export function circumstances(now: Date, pinned: boolean, rounds: number): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${memory} GiB, Linux ${release()}, Node ${process.versions.node}`;
  const placed = pinned ? "server and load each on one core" : "cores as the kernel chose";
  return `${now.toISOString().slice(0, 10)}, ${machine}; ${placed}; medians of ${rounds} alternating rounds (range).`;
}

/** Puts `content` between the markers of a document that are called by `name`. Throws when it has none. */
export function insert(document: string, content: string, name = "bench"): string {
  const pattern = new RegExp(`(<!-- ${name}:begin -->\\n)[\\s\\S]*(<!-- ${name}:end -->)`);
  if (!pattern.test(document)) throw new Error("the document has no markers for the benchmark");
  return document.replace(pattern, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
}

function show({ digits }: Measure, values: readonly number[]): string {
  const text = (value: number) =>
    value.toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: digits });
  const middle = text(median(values));
  return values.length < 2 ? middle : `${middle} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}
