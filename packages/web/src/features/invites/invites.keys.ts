/** Key under which the invite links of a room are cached. */
export const invitesKey = (roomId: string) => ["invites", roomId] as const;
