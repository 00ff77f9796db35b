import type { QuietHours } from "@foyer/protocol";

/** A phone or browser that gets push. `sealed`: where to send and with which keys. Times in milliseconds since 1970. */
export interface DeviceRecord {
  pushId: string;
  accountId: string;
  name: string;
  sealed: string;
  keyId: string;
  createdAt: number;
  lastSentAt: number | null;
}

/** Store of devices. Each operation is atomic. */
export interface DevicesStore {
  /** Oldest first. */
  list(accountId: string): Promise<DeviceRecord[]>;
  find(pushId: string): Promise<DeviceRecord | undefined>;
  /**
   * Adds a device, or renews the one of the same account and endpoint, which keeps its id. Undefined: the account has
   * `most` of them.
   */
  put(device: DeviceRecord & { endpointHash: string }, most: number): Promise<DeviceRecord | undefined>;
  /** False: there was none. */
  remove(accountId: string, pushId: string): Promise<boolean>;
  /** The push service says that it is gone. */
  forget(pushId: string): Promise<void>;
  sent(pushId: string, at: number): Promise<void>;
  /** Devices of everybody who chose push here, or where `byDefault` chose nothing, with their quiet hours. */
  wanting(
    guildId: string,
    broadcasterId: string,
    byDefault: boolean,
  ): Promise<{ pushId: string; accountId: string; quiet: QuietHours | null }[]>;

  countByKey(): Promise<{ keyId: string; total: number }[]>;
  underOtherKeys(keyId: string, after: string, limit: number): Promise<DeviceRecord[]>;
  /** False: it has changed since it was read. */
  reseal(pushId: string, before: string, fresh: { sealed: string; keyId: string }): Promise<boolean>;
}
