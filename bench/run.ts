/** Measures Foyer beside Socket.IO on this machine, in one run. `npm run bench -- --quick`, `--write`, `--only idle`, `--profile <folder>`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startLoad } from "./load/load.ts";
import {
  acknowledgements,
  type Contestant,
  deliveries,
  idle,
  latencies,
  prepare,
  prepareReconnects,
  Results,
  reconnects,
  singles,
} from "./measures.ts";
import { readOptions } from "./options.ts";
import { circumstances, insert, table } from "./report.ts";
import { startFoyer } from "./servers/foyer.target.ts";
import type { MeasuredServer } from "./servers/server.process.ts";
import { startSocketIo } from "./servers/socketio.target.ts";

const document = join(import.meta.dirname, "../docs/operate/performance.md");
const { plan, write, profile, only, cores } = readOptions(process.argv.slice(2));
const results = new Results((line) => process.stderr.write(`${line}\n`));
const wanted = (name: string) => only === undefined || name.startsWith(only);

type Run = (contestant: Contestant) => Promise<void>;

/** Both servers, one after the other in an order that changes from round to round, so that noise hits both alike. */
async function alternate(contestants: readonly Contestant[], rounds: number, run: Run): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) await run(contestant);
  }
}

/** With `--profile <folder>` the last round of each measure leaves a CPU profile of the server there. */
function profiled(name: string, { server }: Contestant, run: () => Promise<void>): Promise<void> {
  return profile === undefined ? run() : server.profiled(join(profile, `${name}.${server.kind}.cpuprofile`), run);
}

/** Starts both servers and ends them whatever happens. */
async function withBoth(
  options: { recovery: boolean },
  run: (contestants: readonly Contestant[]) => Promise<void>,
): Promise<void> {
  const contestants: Contestant[] = [];
  const enter = (server: MeasuredServer) => contestants.push({ server, load: startLoad(server, cores.load) });
  try {
    enter(await startFoyer({ core: cores.server }));
    enter(await startSocketIo({ core: cores.server, recovery: options.recovery }));
    await run(contestants);
  } finally {
    for (const { server, load } of contestants) {
      await load.stop();
      await server.stop();
    }
  }
}

// Ending by a signal runs the exit handlers, and with them the end of every process that was started.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const started = performance.now();
const running = { deliveries, singles, acknowledgements, latencies };
const chosen = Object.entries(running).filter(([name]) => wanted(name));
if (chosen.length > 0) {
  await withBoth({ recovery: false }, async (contestants) => {
    for (const contestant of contestants) await prepare(contestant, plan);
    await alternate(contestants, plan.rounds, async (contestant) => {
      for (const [name, measure] of chosen) await profiled(name, contestant, () => measure(contestant, plan, results));
    });
  });
}
if (wanted("reconnects")) {
  await withBoth({ recovery: true }, async (contestants) => {
    for (const contestant of contestants) await prepareReconnects(contestant);
    await alternate(contestants, plan.rounds, (contestant) =>
      profiled("reconnects", contestant, () => reconnects(contestant, plan, results)),
    );
  });
}
for (let round = 0; wanted("idle") && round < plan.idleRounds; round += 1) {
  await withBoth({ recovery: false }, async (contestants) => {
    for (const contestant of contestants) await profiled("idle", contestant, () => idle(contestant, plan, results));
  });
}

const text = `${circumstances(new Date(), cores.server !== undefined, plan.rounds)}\n\n${table([...results.measures.values()], "Socket.IO 4.8")}`;
process.stdout.write(`\n${text}\n`);
process.stderr.write(`\n${Math.round((performance.now() - started) / 1_000)} s\n`);
if (write) writeFileSync(document, insert(readFileSync(document, "utf8"), text));
