/** Flows that were used, so that none is used twice, on whichever node. */
export interface UsedFlowsStore {
  /** Marks a flow as used. Of several who ask at once, exactly one gets true; nobody ever after. */
  use(hash: string, expiresAt: number): Promise<boolean>;
  /** Deletes marks of flows that were over before `before`: their seal does not open any more. */
  sweep(before: number): Promise<void>;
}
