/** A letter, in plain text and in simple HTML that says the same. */
export interface Letter {
  /** One line. */
  subject: string;
  text: string;
  html: string;
}

/** What goes out: one letter to one address. */
export interface Outgoing extends Letter {
  /** Whose letter it is: it is forgotten together with the account. */
  accountId: string;
  to: string;
  /** After this time nobody wants it any more, in milliseconds since 1970. */
  usefulUntil: number;
}

/** Sends letters by and by. */
export interface Mail {
  /** False: nothing is set up, and `send` throws. */
  readonly isConfigured: boolean;
  /**
   * Takes a letter: once this resolves it survives a crash, and is sent at once and by the next rounds, again and again
   * until the mail server takes it or it is of no use any more. It may arrive twice. Throws `email.not_configured`.
   */
  send(letter: Outgoing): Promise<void>;
  /** One round: sends what is due, or joins the round that is under way. For a job every few seconds. */
  deliver(): Promise<void>;
  /** Forgets what waits for an account. */
  forget(accountId: string): Promise<void>;
  /** Ends the connection to the mail server, also in the middle of a letter: it is sent again later. */
  close(): Promise<void>;
}

/** How the mail server answered. `refused`: it will not take this letter, ever. */
export type Handover = "taken" | "refused" | "later";

/** The way to a mail server. */
export interface MailCarrier {
  /** Never throws. */
  hand(letter: Letter & { to: string }): Promise<Handover>;
  close(): void;
}
