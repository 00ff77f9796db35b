/** A ticket as it is kept: by the SHA-256 of its text, in hex. `expiresAt` is in milliseconds since 1970. */
export interface TicketRecord {
  hash: string;
  accountId: string;
  sessionId: string;
  expiresAt: number;
}

/** Tickets that open one socket each. */
export interface TicketsStore {
  add(ticket: TicketRecord): Promise<void>;
  /** Takes a ticket away and returns it: of several who ask at once exactly one gets it, then nobody ever again. */
  take(hash: string): Promise<TicketRecord | undefined>;
  /** Deletes tickets that were over before `before`. */
  sweep(before: number): Promise<void>;
}
