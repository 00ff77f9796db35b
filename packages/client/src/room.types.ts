import type { Message, Profile, RoomView } from "@foyer/protocol";
import type { FoyerErrorCode } from "./foyer.error.ts";

/** A message of one's own that the server has not acknowledged, or refused. `createdAt` is this side's clock. */
export interface PendingMessage {
  readonly clientId: string;
  readonly text: string;
  readonly replyTo?: string;
  readonly createdAt: string;
  readonly state: "sending" | "failed";
  readonly error?: { code: FoyerErrorCode; message: string; retryAfter?: number };
}

/**
 * A room at one moment; a new object only when something changed.
 *
 * `status`: `loading` before the first answer, `live` while frames come in, `stale` while what is shown may be behind
 * (reconnecting), `error` when the server refused (see `error`), `closed` while not subscribed.
 * `messages` is a window without holes by rising offset; `hasOlder` and `hasNewer` say that the room goes on before
 * and after it. With `hasNewer`, new messages are not added to the window. `presence.accounts` is missing in large
 * rooms. `unread` and `mentions` stop at 100.
 */
export interface RoomSnapshot {
  readonly status: "closed" | "loading" | "live" | "stale" | "error";
  readonly error?: { code: FoyerErrorCode; message: string };
  readonly room?: RoomView;
  readonly messages: readonly Message[];
  readonly pending: readonly PendingMessage[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly loadingOlder: boolean;
  readonly loadingNewer: boolean;
  readonly presence: { readonly count: number; readonly accounts?: readonly Profile[] };
  readonly typing: readonly Profile[];
  readonly readOffset: number;
  readonly unread: number;
  readonly mentions: number;
}

/** What an acknowledged send answers: the message is durable. `duplicate` when an earlier try had got through. */
export interface SendResult {
  messageId: string;
  offset: number;
  duplicate: boolean;
}

/** One room. All promises reject with `FoyerError`. */
export interface RoomHandle {
  readonly roomId: string;
  /** Subscribes while at least one closer is out; calling the returned closer twice is harmless. */
  open(): () => void;
  snapshot(): RoomSnapshot;
  /** Calls after changes, at most once for all that arrived together. */
  onChange(listener: () => void): () => void;
  /** Shows the message in `pending` at once and sends it until the server answers, across reconnects, exactly once. */
  send(text: string, options?: { replyTo?: string; clientId?: string }): Promise<SendResult>;
  /** Sends a failed message again, under the same `clientId`. */
  retry(clientId: string): void;
  /** Takes a pending message away. One that is already on its way may still arrive. */
  discard(clientId: string): void;
  edit(messageId: string, text: string): Promise<{ offset: number }>;
  remove(messageId: string): Promise<{ offset: number }>;
  react(messageId: string, emoji: string, on: boolean): Promise<{ offset: number }>;
  /** Tells the room that one is typing: at most one frame in 3 s, none while offline. */
  typing(): void;
  /** Marks read up to `offset`. While offline the newest mark is kept and sent after the reconnect. */
  markRead(offset: number): Promise<void>;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Puts the window around a message, unless it is in the window already. */
  jumpTo(messageId: string): Promise<void>;
  /** Puts the window back to the newest messages. */
  jumpToLatest(): Promise<void>;
  /** Messages that are created from now on, each once, across reconnects. The room is open while the loop runs. */
  messages(options?: { signal?: AbortSignal }): AsyncIterable<Message>;
}
