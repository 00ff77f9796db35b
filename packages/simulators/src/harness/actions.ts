import type { Hono } from "hono";
import type { z } from "zod";

/** What a control page shows and does. */
export interface ControlDeps<T> {
  /** Everything that the page shows. */
  state(query: URLSearchParams): object;
  /** What can be done, as one schema over all. */
  action: z.ZodType<T>;
  /** Does it. An error's message is shown to who asked. */
  act(action: T): unknown;
}

/**
 * Mounts what a control page talks to, for scripts as well: `GET /_simulator/state`, and `POST /_simulator/action` with
 * one action as JSON (204; 400 with a message for what cannot be done).
 */
export function mountActions<T>(app: Hono, { state, action, act }: ControlDeps<T>): void {
  app.get("/_simulator/state", (context) => context.json(state(new URL(context.req.url).searchParams)));
  app.post("/_simulator/action", async (context) => {
    const parsed = action.safeParse(await context.req.json().catch(() => undefined));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return context.json({ message: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not known"}` }, 400);
    }
    try {
      await act(parsed.data);
      return context.body(null, 204);
    } catch (error) {
      return context.json({ message: error instanceof Error ? error.message : String(error) }, 400);
    }
  });
}
