/** Key of the query of one's own sessions. */
export const sessionsKey = ["sessions"] as const;
