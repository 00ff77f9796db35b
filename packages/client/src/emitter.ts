type Handler<T> = (value: T) => void;

/** Listeners by event. A listener that throws does not keep the others from hearing: its error is reported apart. */
export class Emitter<Events extends object> {
  readonly #handlers = new Map<keyof Events, Set<Handler<never>>>();

  on<E extends keyof Events>(event: E, handler: Handler<Events[E]>): () => void {
    // One entry for each call, even of the same function, so that each call's stop undoes that call alone.
    const entry: Handler<Events[E]> = (value) => handler(value);
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(entry));
    return () => {
      handlers.delete(entry);
    };
  }

  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const handler of [...(this.#handlers.get(event) ?? [])]) {
      try {
        (handler as Handler<Events[E]>)(value);
      } catch (error) {
        reportLater(error);
      }
    }
  }
}

/** Throws `error` in a task of its own, where it reaches the global error handler and interrupts nobody. */
export function reportLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
