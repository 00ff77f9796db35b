import type { Load } from "./load/load.ts";
import type { Plan } from "./options.ts";
import type { Measure } from "./report.ts";
import type { MeasuredServer } from "./servers/server.process.ts";

/** A server with the process that puts it under load. */
export interface Contestant {
  server: MeasuredServer;
  load: Load;
}

export type Kind = MeasuredServer["kind"];

/** Collects what the rounds give, and tells of it at once. */
export class Results {
  readonly measures = new Map<string, Measure>();
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  add(kind: Kind, about: Omit<Measure, "foyer" | "peer">, value: number, remark = ""): void {
    const measure = this.measures.get(about.name) ?? { ...about, foyer: [], peer: [] };
    this.measures.set(about.name, measure);
    measure[kind === "foyer" ? "foyer" : "peer"].push(value);
    this.#tell(`${kind.padEnd(8)}  ${about.name}: ${value.toFixed(about.digits)} ${about.unit} ${remark}`);
  }
}

const more = { better: "more", digits: 0 } as const;
const less = { better: "less" } as const;

const abouts = {
  deliveries: { ...more, name: "deliveries, 1,000 connections, 100 messages in flight", unit: "a second", aim: "20 ×" },
  efficiency: { ...more, name: "the same for each second of server CPU", unit: "deliveries", aim: "" },
  single: { ...less, name: "server CPU for each delivery, one message in flight", unit: "µs", digits: 2, aim: "1 ×" },
  acknowledged: { ...more, name: "acknowledged messages, durable only with Foyer", unit: "a second", aim: "15,000" },
  p50: { ...less, name: "latency at 1,000 connections, p50", unit: "ms", digits: 2, aim: "" },
  p99: { ...less, name: "latency at 1,000 connections, p99", unit: "ms", digits: 2, aim: "" },
  idle: { ...less, name: "memory for each idle connection", unit: "KB", digits: 1, aim: "20" },
  reconnect: { ...less, name: "1,000 clients reconnect and catch up", unit: "s", digits: 2, aim: "" },
};

/** Connections that send in the measure of acknowledgements, and how many messages they have under way together. */
const few = { senders: 4, inFlight: 1_000 };

/** Connects what the measures of a running server need. */
export async function prepare({ server, load }: Contestant, plan: Plan): Promise<void> {
  const { tokens, rooms } = server;
  await load.run<"join">({ do: "join", crowd: "crowd", room: rooms.crowd, count: plan.connections, tokens });
  await load.run<"join">({ do: "join", crowd: "few", room: rooms.few, count: few.senders, tokens });
  // Compiled code is measured, not the compiling of it.
  const crowd = { crowd: "crowd", room: rooms.crowd };
  await load.run<"deliver">({ do: "deliver", ...crowd, inFlight: 100, seconds: 1 });
  await load.run<"acknowledge">({
    do: "acknowledge",
    crowd: "few",
    room: rooms.few,
    inFlight: few.inFlight,
    seconds: 1,
  });
}

export async function deliveries({ server, load }: Contestant, plan: Plan, results: Results): Promise<void> {
  const crowd = { crowd: "crowd", room: server.rooms.crowd };
  const before = await server.usage();
  const figures = await load.run<"deliver">({ do: "deliver", ...crowd, inFlight: 100, seconds: plan.seconds });
  const after = await server.usage();
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const used = (cpuSeconds * figures.deliveries) / figures.inAll / figures.seconds;
  const remark = `(${share(used)} of a core for the server, ${share(figures.busy)} for the load)`;
  results.add(server.kind, abouts.deliveries, figures.deliveries / figures.seconds, remark);
  results.add(server.kind, abouts.efficiency, figures.inAll / cpuSeconds);
}

export async function singles({ server, load }: Contestant, plan: Plan, results: Results): Promise<void> {
  const crowd = { crowd: "crowd", room: server.rooms.crowd };
  const before = await server.usage();
  const figures = await load.run<"deliver">({ do: "deliver", ...crowd, inFlight: 1, seconds: plan.seconds });
  const after = await server.usage();
  const microseconds = ((after.cpuSeconds - before.cpuSeconds) * 1e6) / figures.inAll;
  const remark = `(${Math.round(figures.deliveries / figures.seconds)} deliveries a second)`;
  results.add(server.kind, abouts.single, microseconds, remark);
}

export async function acknowledgements({ server, load }: Contestant, plan: Plan, results: Results): Promise<void> {
  const { seconds } = plan;
  const before = await server.usage();
  const few_ = { crowd: "few", room: server.rooms.few, inFlight: few.inFlight };
  const figures = await load.run<"acknowledge">({ do: "acknowledge", ...few_, seconds });
  const after = await server.usage();
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const used = (cpuSeconds * figures.acknowledged) / figures.inAll / figures.seconds;
  const remark = `(${share(used)} of a core for the server, ${share(figures.busy)} for the load)`;
  results.add(server.kind, abouts.acknowledged, figures.acknowledged / figures.seconds, remark);
}

export async function latencies({ server, load }: Contestant, plan: Plan, results: Results): Promise<void> {
  const crowd = { crowd: "crowd", room: server.rooms.crowd };
  const { p50, p99 } = await load.run<"latency">({ do: "latency", ...crowd, perSecond: 20, seconds: plan.seconds });
  results.add(server.kind, abouts.p50, p50);
  results.add(server.kind, abouts.p99, p99);
}

/** Expects a fresh server. The first connections pay for what is loaded and compiled once, so they come before. */
export async function idle({ server, load }: Contestant, plan: Plan, results: Results): Promise<void> {
  const { tokens, rooms } = server;
  const crowd = { crowd: "idle", room: rooms.crowd };
  await load.run<"join">({ do: "join", ...crowd, count: 500, tokens });
  await load.run<"leave">({ do: "leave", ...crowd });
  const before = await server.settledBytes();
  await load.run<"join">({ do: "join", ...crowd, count: plan.idle, tokens });
  const after = await server.settledBytes();
  results.add(server.kind, abouts.idle, (after - before) / plan.idle / 1_000);
}

export async function reconnects({ server, load }: Contestant, plan: Plan, results: Results): Promise<void> {
  const { tokens, rooms } = server;
  const coming = { crowd: "coming", room: rooms.crowd, count: plan.connections, tokens };
  const { seconds } = await load.run<"reconnect">({
    do: "reconnect",
    ...coming,
    writer: "writer",
    missed: plan.missed,
  });
  results.add(server.kind, abouts.reconnect, seconds);
}

/** Connects who writes while the others are away. */
export async function prepareReconnects({ server, load }: Contestant): Promise<void> {
  const { tokens, rooms } = server;
  await load.run<"join">({ do: "join", crowd: "writer", room: rooms.crowd, count: 1, tokens });
}

function share(cores: number): string {
  return `${Math.round(cores * 100)} %`;
}
