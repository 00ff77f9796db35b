import type { Connection } from "./connection.ts";
import { encodeText } from "./frame.encoder.ts";

export interface HubOptions {
  /** Bytes that may wait for one connection. Past half of it ephemeral frames are dropped, past it live ones. */
  queueBytes: number;
  /** Closes a connection that does not keep up even with its own answers, or does not drain in time. */
  onHopeless(connectionId: string): void;
  /** The text that tells a drained connection to read a topic again; undefined where only reconnecting helps. */
  resyncText(topic: string): string | undefined;
  /** Milliseconds that a stalled connection has to drain. */
  drainMs: number;
}

interface Topic {
  name: string;
  members: Set<Connection<unknown>>;
  /** Connections that read history just now: what is published meanwhile waits here for them. */
  joining: Map<Connection<unknown>, Buffer[]> | null;
  durable: string[];
  ephemeral: string[];
}

/**
 * Delivery to the sockets of this node. What is published during one turn of the event loop is encoded once for each
 * topic and written once to each socket, when the turn ends (`setImmediate`): no latency when idle, and under load one
 * system call carries many messages.
 */
export class Hub {
  private readonly options: HubOptions;
  private readonly connections = new Map<string, Connection<unknown>>();
  private readonly topics = new Map<string, Topic>();
  private dirtyTopics: Topic[] = [];
  private dirtyConnections: Connection<unknown>[] = [];
  private scheduled = false;

  constructor(options: HubOptions) {
    this.options = options;
  }

  get size(): number {
    return this.connections.size;
  }

  add(connection: Connection<unknown>): void {
    this.connections.set(connection.id, connection);
    connection.socket.on("drain", () => this.drained(connection));
  }

  /** Forgets a connection that is gone. Safe to call twice. */
  remove(connection: Connection<unknown>): void {
    connection.closed = true;
    if (!this.connections.delete(connection.id)) return;
    for (const name of connection.topics) this.drop(name, connection);
    connection.topics.clear();
  }

  /** Private text to one connection. Never withheld: whoever does not read his own answers is cut off. */
  send(connectionId: string, text: string): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined || connection.closed) return;
    if (connection.backlog > 2 * this.options.queueBytes) {
      this.options.onHopeless(connectionId);
      return;
    }
    this.enqueue(connection, encodeText(text));
  }

  /** Makes a connection a member of a topic, with live frames held back until `release`. */
  hold(connectionId: string, topicName: string): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return;
    const topic = this.topic(topicName);
    connection.topics.add(topicName);
    topic.members.delete(connection);
    topic.joining ??= new Map();
    topic.joining.set(connection, []);
  }

  /** Delivers `text`, then what was held, and from then on live frames. */
  release(connectionId: string, topicName: string, text: string): void {
    const connection = this.connections.get(connectionId);
    const topic = this.topics.get(topicName);
    if (connection === undefined || topic === undefined || !connection.topics.has(topicName)) return;
    this.enqueue(connection, encodeText(text));
    for (const frame of topic.joining?.get(connection) ?? []) this.enqueue(connection, frame);
    this.join(connectionId, topicName);
  }

  /** Makes a connection a member of a topic at once. */
  join(connectionId: string, topicName: string): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return;
    const topic = this.topic(topicName);
    if (topic.joining?.delete(connection) && topic.joining.size === 0) topic.joining = null;
    connection.topics.add(topicName);
    topic.members.add(connection);
  }

  leave(connectionId: string, topicName: string): void {
    const connection = this.connections.get(connectionId);
    if (connection?.topics.delete(topicName)) this.drop(topicName, connection);
  }

  /** Text for everybody in a topic. Ephemeral text is the first to be dropped for those who are slow. */
  publish(topicName: string, text: string, ephemeral = false): void {
    const topic = this.topics.get(topicName);
    if (topic === undefined) return;
    if (topic.durable.length === 0 && topic.ephemeral.length === 0) this.dirtyTopics.push(topic);
    (ephemeral ? topic.ephemeral : topic.durable).push(text);
    this.schedule();
  }

  /** Writes everything now: at the end of a turn, and before a connection is closed. */
  flush(): void {
    this.scheduled = false;
    const topics = this.dirtyTopics;
    this.dirtyTopics = [];
    for (const topic of topics) this.spread(topic);
    const connections = this.dirtyConnections;
    this.dirtyConnections = [];
    for (const connection of connections) connection.write();
  }

  private spread(topic: Topic): void {
    const durable = topic.durable.length > 0 ? encodeText(topic.durable.join("\n")) : null;
    const ephemeral = topic.ephemeral.length > 0 ? encodeText(topic.ephemeral.join("\n")) : null;
    topic.durable = [];
    topic.ephemeral = [];
    const { queueBytes } = this.options;
    for (const connection of topic.members) {
      const backlog = connection.backlog;
      if (backlog > queueBytes || connection.stalled) {
        if (durable !== null) this.withhold(connection, topic.name);
        continue;
      }
      if (durable !== null && connection.push(durable)) this.dirtyConnections.push(connection);
      if (ephemeral !== null && backlog <= queueBytes / 2 && connection.push(ephemeral)) {
        this.dirtyConnections.push(connection);
      }
    }
    if (topic.joining === null || durable === null) return;
    for (const held of topic.joining.values()) held.push(durable);
  }

  /** From here on the connection gets no live frames; it is told to read the topic again once it has drained. */
  private withhold(connection: Connection<unknown>, topicName: string): void {
    connection.missed ??= new Set();
    connection.missed.add(topicName);
    if (connection.stalled) return;
    connection.stalled = true;
    setTimeout(() => {
      if (connection.stalled && !connection.closed) this.options.onHopeless(connection.id);
    }, this.options.drainMs).unref();
  }

  private drained(connection: Connection<unknown>): void {
    if (!connection.stalled) return;
    connection.stalled = false;
    const missed = connection.missed ?? new Set<string>();
    connection.missed = null;
    for (const topicName of missed) {
      if (!connection.topics.has(topicName)) continue;
      const text = this.options.resyncText(topicName);
      if (text === undefined) this.options.onHopeless(connection.id);
      else this.enqueue(connection, encodeText(text));
    }
  }

  private enqueue(connection: Connection<unknown>, frame: Buffer): void {
    if (connection.push(frame)) this.dirtyConnections.push(connection);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  private topic(name: string): Topic {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = { name, members: new Set(), joining: null, durable: [], ephemeral: [] };
      this.topics.set(name, topic);
    }
    return topic;
  }

  private drop(name: string, connection: Connection<unknown>): void {
    const topic = this.topics.get(name);
    if (topic === undefined) return;
    topic.members.delete(connection);
    if (topic.joining?.delete(connection) && topic.joining.size === 0) topic.joining = null;
    if (topic.members.size === 0 && topic.joining === null) this.topics.delete(name);
  }
}
