/** The roles in Discord that Foyer keeps for `mention: followers`: one for each broadcaster of a guild. */
export interface FollowerRoles {
  /** The role to mention now. Null: nobody follows, or Foyer may not make roles there; then nobody is mentioned. */
  roleOf(guildId: string, broadcasterId: string): Promise<string | null>;
}
