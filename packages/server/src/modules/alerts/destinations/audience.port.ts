/** Who gets push about a broadcaster. */
export interface PushAudience {
  /**
   * Ids of the devices of everybody who wants push about this broadcaster in this guild now: quiet hours, opt-outs and
   * suspended accounts are left out. For `here`, somebody who has a device and chose nothing wants it.
   */
  devices(guildId: string, broadcasterId: string, now: number): Promise<string[]>;
}
