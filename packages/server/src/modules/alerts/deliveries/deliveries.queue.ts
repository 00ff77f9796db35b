import type { OutboxStore } from "../../../platform/outbox/outbox.port.ts";
import type { DeliveryJob, DeliveryResult } from "./delivery.job.types.ts";

/**
 * The outbox of alerts: a delivery is a piece of work as long as there is something to post, to change or to take
 * away. Beside what every outbox promises: the first claim of a delivery that was never posted notes that a post is
 * under way, so that whoever claims it after a crash knows; with a settlement, its attempt is recorded and its
 * destination switched off where the receiver said so, in the same transaction; and a settlement that comes too late
 * has what stands at the destination shown anew, since it may have been the last to arrive there.
 */
export interface DeliveriesQueue extends Required<OutboxStore<DeliveryJob, DeliveryResult>> {
  /** How many are due. */
  countDue(now: number): Promise<number>;
}
