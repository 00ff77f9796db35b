/** What a source pushes into: values, then at most one end, with an error when it was not a good one. */
export interface Sink<T> {
  push(value: T): void;
  end(error?: Error): void;
}

/**
 * Turns a source of pushes into something for `for await`. `start` is called when a loop begins and gives back what
 * stops the source; values wait in memory until the loop takes them. Leaving the loop, or `signal`, stops the source.
 */
export function asyncQueue<T>(start: (sink: Sink<T>) => () => void, signal?: AbortSignal): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const values: T[] = [];
      const waiting: { resolve(result: IteratorResult<T>): void; reject(error: Error): void }[] = [];
      let ended: { error: Error | undefined } | undefined;
      let stop: () => void = () => {};

      const end = (error?: Error) => {
        if (ended) return;
        ended = { error };
        stop();
        signal?.removeEventListener("abort", onAbort);
        for (const waiter of waiting.splice(0)) {
          if (error) waiter.reject(error);
          else waiter.resolve({ done: true, value: undefined });
        }
      };
      const onAbort = () => end();
      const push = (value: T) => {
        if (ended) return;
        const waiter = waiting.shift();
        if (waiter) waiter.resolve({ done: false, value });
        else values.push(value);
      };

      if (signal?.aborted) ended = { error: undefined };
      else {
        signal?.addEventListener("abort", onAbort);
        const stopSource = start({ push, end });
        if (ended) stopSource();
        else stop = stopSource;
      }
      return {
        next() {
          const value = values.shift();
          if (value !== undefined) return Promise.resolve({ done: false, value });
          if (ended?.error) return Promise.reject(ended.error);
          if (ended) return Promise.resolve({ done: true, value: undefined });
          return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
        },
        return() {
          values.length = 0;
          end();
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
}
