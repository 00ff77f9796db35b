import type { Hono } from "hono";
import type { Calls } from "./calls.ts";
import { type Faults, fault } from "./faults.ts";

/**
 * Mounts the switches of a simulator that runs alone: `POST /_simulator/faults` (one fault as JSON), `DELETE` of the
 * same (all off), `GET` of those that are on, `GET` and `DELETE /_simulator/calls`.
 */
export function mountControls(app: Hono, { faults, calls }: { faults: Faults; calls: Calls }): void {
  app.post("/_simulator/faults", async (context) => {
    const parsed = fault.safeParse(await context.req.json().catch(() => undefined));
    if (!parsed.success) return context.json({ message: "no fault" }, 400);
    faults.add(parsed.data);
    return context.body(null, 204);
  });
  app.delete("/_simulator/faults", (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  app.get("/_simulator/faults", (context) => context.json(faults.all()));
  app.get("/_simulator/calls", (context) => context.json(calls.all()));
  app.delete("/_simulator/calls", (context) => {
    calls.reset();
    return context.body(null, 204);
  });
}
