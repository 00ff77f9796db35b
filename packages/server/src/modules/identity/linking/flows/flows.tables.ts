/** Tables of signing in from outside. Times are milliseconds since 1970. */
export interface LinkingTables {
  used_flows: {
    /** SHA-256 of the flow's state in hex. */
    hash: string;
    expires_at: number;
  };
}
