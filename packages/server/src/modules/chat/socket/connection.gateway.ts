import type { Caller } from "../../../platform/caller/caller.ts";

/** A connection as chat knows it: an id, and what is remembered of it. Sockets stay in the transport. */
export interface ChatConnection {
  readonly id: string;
  readonly data: ConnectionData;
}

export interface ConnectionData {
  caller: Caller;
  /** Rooms that it is subscribed to. */
  readonly rooms: Set<string>;
  /** Milliseconds since 1970 of the last typing frame that was passed on. */
  typedAt: number;
  /** When it last did something that counts as using its session, and when that was last told. */
  usedAt?: number;
  toldUseAt?: number;
}

/**
 * The connections of this node. Text is one frame or several joined by `\n`. Sending never fails and never waits: a
 * connection that is gone is gone, and one that is slow is put on resync by the transport.
 */
export interface ConnectionGateway {
  /** To one connection, in order with everything else that it gets. */
  send(connectionId: string, text: string): void;
  /** Subscribes to a topic, keeping what is published until `release`. */
  hold(connectionId: string, topic: string): void;
  /** Sends `text`, then what was kept, then live. Nothing is lost or reordered in between. */
  release(connectionId: string, topic: string, text: string): void;
  /** Subscribes to a topic, live at once. */
  join(connectionId: string, topic: string): void;
  leave(connectionId: string, topic: string): void;
  /** To every connection of this node in the topic. Ephemeral text is dropped first. */
  publish(topic: string, text: string, ephemeral?: boolean): void;
  /** Says goodbye with the code and closes. `afterMs`: how long to wait before coming back. */
  close(connectionId: string, code: number, reason: string, afterMs?: number): void;
  each(visit: (connection: ChatConnection) => void): void;
}
