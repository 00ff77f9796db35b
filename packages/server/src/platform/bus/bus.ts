/**
 * Messages between nodes. Delivery: at most once, to every node that subscribes, the publishing one included; in
 * order for one topic and one publisher. What must not be lost is in the database first: the bus only tells that it
 * is there. Handlers must not throw; a payload is text so that it crosses any wire unchanged.
 */
export interface Bus {
  publish(topic: string, payload: string): void;
  /** Returns the function that ends the subscription. */
  subscribe(topic: string, handler: (payload: string) => void): () => void;
  close(): Promise<void>;
}

/**
 * Heard, with an empty payload, on a node that may have missed publications of others: what was built from them is to
 * be built anew. A bus within one process never says it.
 */
export const gapTopic = "bus.gap";
