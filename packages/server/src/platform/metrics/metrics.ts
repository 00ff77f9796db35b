import { collectDefaultMetrics, Registry } from "prom-client";

/** A registry of metrics; with `process` also memory, event loop and garbage collection of this process. */
export function createMetrics(options: { process: boolean }): Registry {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  return registry;
}
