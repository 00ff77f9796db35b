/** Key of the query of one's own tokens for programs. */
export const tokensKey = ["tokens"] as const;
