/** One line of an export: `kind` says what it is, the rest is plain JSON. */
export interface PersonalRecord {
  kind: string;
  [field: string]: unknown;
}

/** What identity asks of the modules that keep something about people. */
export interface PersonalData {
  /** All that is kept about an account, a bit at a time. */
  export(accountId: string): AsyncIterable<PersonalRecord>;
  /**
   * Erases what is the account's own. `keep`: what it wrote stays, under nobody's name. Safe to repeat: goes on where it
   * broke off. Resolves when all is done.
   */
  erase(accountId: string, messages: "keep" | "erase"): Promise<void>;
  /** Which of these accounts have left something that others see. */
  traces(accountIds: readonly string[]): Promise<Set<string>>;
}
