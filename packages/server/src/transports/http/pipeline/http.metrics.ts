import { Counter, Histogram, type Registry } from "prom-client";

export interface HttpMetrics {
  /** Begins to measure one request; the function it gives ends it. */
  start(method: string): (route: string, status: number) => void;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Counts and durations by route template, so that the number of series stays bounded whatever is asked for. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const requests = new Counter({
    name: "foyer_http_requests_total",
    help: "HTTP requests by route template and status",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "foyer_http_request_duration_seconds",
    help: "Time from the first byte of a request to its answer",
    labelNames: ["method", "route"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    start(given) {
      const method = METHODS.has(given) ? given : "other";
      const end = duration.startTimer();
      return (route, status) => {
        end({ method, route });
        requests.inc({ method, route, status });
      };
    },
  };
}
