/** What the alerts ask identity about somebody's own links. */
export interface OwnLinks {
  /** Links that work. `twitchId` is Twitch's id of the person. */
  linked(accountId: string): Promise<{ twitch: { twitchId: string; name: string } | null; discord: boolean }>;
}
