/** Keys under which the lists of administration are cached. */
export const accountsKey = ["admin", "accounts"] as const;
export const reportsKey = ["admin", "reports"] as const;
