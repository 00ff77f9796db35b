/** What the alerts ask identity about links to Discord. */
export interface LinkedAccounts {
  /**
   * Discord's id of the person that an account is linked with; undefined: it has no link. `works`: the person still
   * allows what they once did.
   */
  discordUser(accountId: string): Promise<{ userId: string; works: boolean } | undefined>;
  /** The account that a person of Discord is linked with. */
  accountOf(userId: string): Promise<string | undefined>;
  /** Throws `link.not_found`, `link.sign_in_again`, `provider.unavailable`, `vault.unavailable`. */
  accessToken(accountId: string): Promise<string>;
  /** After Discord refused `staleToken`: another one. Where there is none, the link works no longer. Throws as above. */
  refreshAfter401(accountId: string, staleToken: string): Promise<string>;
}
