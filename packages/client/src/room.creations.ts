import type { Message, ReplyData } from "@foyer/protocol";
import type { Sink } from "./async.queue.ts";

interface Watcher {
  sink: Sink<Message>;
  /** Offset of the newest creation that was handed out, or skipped; undefined until the room's place is known. */
  seen: number | undefined;
}

/** Tells watchers of each message once, when it is created, whatever is delivered twice or comes later by a resume. */
export class Creations {
  readonly #watchers = new Set<Watcher>();

  /** `from`: the room's offset now, when it is known. Gives back what ends the watch. */
  watch(sink: Sink<Message>, from: number | undefined): () => void {
    const watcher: Watcher = { sink, seen: from };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** Live messages of a room that is followed without a gap. */
  arrived(messages: readonly Message[]): void {
    for (const watcher of this.#watchers) this.#tell(watcher, messages);
  }

  /** The answer to a subscribe. `sameStream` is false when offsets of before mean nothing any more. */
  subscribed(data: ReplyData<"subscribe">, sameStream: boolean): void {
    for (const watcher of this.#watchers) {
      if (watcher.seen === undefined || !sameStream) watcher.seen = data.offset;
      else
        this.#tell(
          watcher,
          data.messages.toSorted((a, b) => a.offset - b.offset),
        );
    }
  }

  /** Ends all loops, with an error when the connection is gone for good. */
  end(error: Error | undefined): void {
    for (const watcher of [...this.#watchers]) watcher.sink.end(error);
  }

  #tell(watcher: Watcher, messages: readonly Message[]): void {
    for (const message of messages) {
      if (watcher.seen === undefined || message.offset <= watcher.seen) continue;
      watcher.seen = message.offset;
      if (message.deletedAt === undefined) watcher.sink.push(message);
    }
  }
}
