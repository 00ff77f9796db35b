import type { Logger } from "pino";
import type { Clock } from "../platform/clock/clock.ts";

/**
 * A part of the server that has to be started or ended. `drain` lets what is under way come to its end and takes
 * nothing new; `stop` gives back what was taken. Both may be called once.
 */
export interface Service {
  name: string;
  start?(): Promise<void> | void;
  drain?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

/** The services that run, in the order in which they were started. */
export interface Lifecycle {
  /** Starts a service and keeps it for the end. When it fails to start, nothing is kept of it. */
  start(service: Service): Promise<void>;
  /** True from the moment that the end has begun. */
  readonly stopping: boolean;
  /**
   * Drains all services and then stops all, each in reverse order, within the grace period altogether. What does not
   * end in time, or fails, is logged and left behind. Returns whether all ended well. Further calls wait for the first.
   */
  stop(): Promise<boolean>;
}

/** What a lifecycle needs. `graceMs` is for draining and stopping together. */
export interface LifecycleDeps {
  log: Logger;
  clock: Clock;
  graceMs: number;
}

/** A lifecycle without services. */
export function createLifecycle({ log, clock, graceMs }: LifecycleDeps): Lifecycle {
  const running: Service[] = [];
  let ending: Promise<boolean> | undefined;

  async function end(): Promise<boolean> {
    const deadline = clock.now() + graceMs;
    const services = running.toReversed();
    let well = true;
    for (const phase of ["drain", "stop"] as const) {
      for (const service of services) {
        // Even when the time is over each one is called: closing a file takes no time and is worth trying.
        const left = Math.max(phase === "stop" ? 100 : 0, deadline - clock.now());
        well = (await withinTime(service, phase, left, log)) && well;
      }
    }
    return well;
  }

  return {
    async start(service) {
      if (ending !== undefined) throw new Error(`${service.name} was to be started while the server stops`);
      await service.start?.();
      running.push(service);
    },
    get stopping() {
      return ending !== undefined;
    },
    stop() {
      ending ??= end();
      return ending;
    },
  };
}

async function withinTime(
  service: Service,
  phase: "drain" | "stop",
  milliseconds: number,
  log: Logger,
): Promise<boolean> {
  const fields = { service: service.name, phase };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), milliseconds);
  });
  try {
    const outcome = await Promise.race([Promise.resolve(service[phase]?.()), late]);
    if (outcome !== "late") return true;
    log.error(fields, "a service did not end in time");
  } catch (error) {
    log.error({ ...fields, err: error }, "a service failed to end");
  } finally {
    clearTimeout(timer);
  }
  return false;
}
