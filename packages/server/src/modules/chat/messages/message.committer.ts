import type { Message, ServerFrame } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Histogram } from "prom-client";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { MessagePresenter } from "./message.presenter.ts";
import type { MessagesStore, StreamCommand, StreamResult } from "./messages.store.ts";

/** Commands of one transaction: bounded so that one turn of the event loop stays short. */
const batchSize = 500;
/** Commands that may wait for a commit: past this the server says that it is busy instead of growing. */
const queueSize = 20_000;

/** What became of a command that was not refused. `offset`: where the change stands in the room's stream. */
export interface Committed {
  messageId: string;
  offset: number;
  unchanged: boolean;
}

interface Waiting {
  command: StreamCommand;
  resolve(committed: Committed): void;
  reject(error: unknown): void;
}

export interface CommitterDeps {
  store: MessagesStore;
  presenter: MessagePresenter;
  /** Frames of one room, in their order, to everybody in it. */
  publish(roomId: string, frames: string): void;
  log: Logger;
  batchSizes: Histogram;
}

/**
 * Group commit: the commands that arrive in one turn of the event loop, and those that arrive while a commit is under
 * way, become one transaction. Frames are published in the order of the commits, before the acknowledgements are
 * given, so that both leave by one write.
 */
export class MessageCommitter {
  private readonly deps: CommitterDeps;
  private waiting: Waiting[] = [];
  private running: Promise<void> | null = null;

  constructor(deps: CommitterDeps) {
    this.deps = deps;
  }

  /** Resolves after the commit; rejects with the code of a refusal, or `server.busy` when too much is waiting. */
  commit(command: StreamCommand): Promise<Committed> {
    if (this.waiting.length >= queueSize) {
      return Promise.reject(new AppError("server.busy", "The server is busy. Try again.", { retryAfter: 1 }));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ command, resolve, reject });
      this.running ??= nextTurn().then(() => this.run());
    });
  }

  /** Resolves when everything that was handed in is committed. */
  async flushed(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.length <= batchSize ? this.waiting : this.waiting.slice(0, batchSize);
      this.waiting = this.waiting.slice(batch.length);
      await this.commitBatch(batch);
    }
    this.running = null;
  }

  private async commitBatch(batch: readonly Waiting[]): Promise<void> {
    this.deps.batchSizes.observe(batch.length);
    let results: StreamResult[];
    try {
      results = await this.deps.store.append(batch.map(({ command }) => command));
    } catch (error) {
      this.deps.log.error({ err: error, commands: batch.length }, "commit failed");
      for (const { reject } of batch) reject(error);
      return;
    }
    await this.publish(batch, results);
    for (const [index, { resolve, reject, command }] of batch.entries()) {
      const result = results[index];
      if (result === undefined || result.outcome === "refused") reject(refusal(result?.code ?? "server.error"));
      else {
        const sent = command.kind === "send";
        resolve({
          messageId: result.row.id,
          offset: sent ? result.row.offset : result.row.version,
          unchanged: result.outcome === "unchanged",
        });
      }
    }
  }

  private async publish(batch: readonly Waiting[], results: readonly StreamResult[]): Promise<void> {
    const created = new Set<string>();
    const rows = results.flatMap((result, index) => {
      if (result.outcome !== "changed") return [];
      if (batch[index]?.command.kind === "send") created.add(result.row.id);
      return [result.row];
    });
    if (rows.length === 0) return;
    let messages: Message[];
    try {
      messages = await this.deps.presenter.present(rows, (row) => created.has(row.id) && row.version === row.offset);
    } catch (error) {
      // The changes are durable: only their live frames are lost, so clients are told to resume.
      this.deps.log.error({ err: error }, "could not present committed messages");
      for (const roomId of new Set(rows.map((row) => row.room_id))) {
        this.deps.publish(roomId, JSON.stringify({ type: "resync", roomId } satisfies ServerFrame));
      }
      return;
    }
    const byRoom = new Map<string, string[]>();
    for (const message of messages) {
      const frame: ServerFrame = { type: "message", roomId: message.roomId, offset: message.version, message };
      const text = JSON.stringify(frame);
      const frames = byRoom.get(message.roomId);
      if (frames === undefined) byRoom.set(message.roomId, [text]);
      else frames.push(text);
    }
    for (const [roomId, frames] of byRoom) this.deps.publish(roomId, frames.join("\n"));
  }
}

/** Resolves when this turn of the event loop has ended, so that everything that came in it goes into one batch. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const refusals: Partial<Record<AppError["code"], string>> = {
  "room.not_found": "There is no such room.",
  "message.not_found": "There is no such message.",
  "message.deleted": "The message was deleted.",
  "message.forbidden": "Only the author may change a message.",
  "message.too_many_reactions": "A message carries at most 20 different reactions.",
};

function refusal(code: AppError["code"]): AppError {
  return new AppError(code, refusals[code] ?? "That could not be done.");
}
