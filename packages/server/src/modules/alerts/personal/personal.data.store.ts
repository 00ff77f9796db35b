/** What is kept about one account. Times are milliseconds since 1970. */
export interface PersonalRecords {
  preferences: { guildId: string; streamerId: string; discord: boolean; push: boolean; changedAt: number }[];
  quietHours: { from: string; to: string; timeZone: string } | undefined;
  devices: { pushId: string; name: string; createdAt: number }[];
  broadcasters: { streamerId: string; login: string; displayName: string }[];
  destinations: { destinationId: string; guildId: string; name: string; createdAt: number }[];
}

/** Reads and erases what alerts keep about an account, each in one step. */
export interface PersonalStore {
  read(accountId: string): Promise<PersonalRecords>;
  erase(accountId: string): Promise<void>;
}
