import { isoTime } from "../../../platform/clock/clock.ts";
import type { PersonalStore } from "./personal.data.store.ts";

/** What alerts keep about people: given to them, and erased for them. */
export interface AlertsPersonalData {
  /** Choices, quiet hours, devices, the link to a broadcaster, and destinations that they made. */
  export(accountId: string): AsyncIterable<{ kind: string; [field: string]: unknown }>;
  /**
   * Erases what is the account's own. Destinations belong to their guild and stay, in nobody's name; a broadcaster stays
   * announced, as Twitch's person and not as this account. Safe to repeat.
   */
  erase(accountId: string): Promise<void>;
}

export function createAlertsPersonalData(store: PersonalStore): AlertsPersonalData {
  return {
    async *export(accountId) {
      const { preferences, quietHours, devices, broadcasters, destinations } = await store.read(accountId);
      for (const { changedAt, ...preference } of preferences) {
        yield { kind: "alert_preference", ...preference, changedAt: isoTime(changedAt) };
      }
      if (quietHours !== undefined) yield { kind: "quiet_hours", ...quietHours };
      for (const { createdAt, ...device } of devices) {
        yield { kind: "push_device", ...device, createdAt: isoTime(createdAt) };
      }
      for (const broadcaster of broadcasters) yield { kind: "broadcaster", ...broadcaster };
      for (const { createdAt, ...destination } of destinations) {
        yield { kind: "alert_destination", ...destination, createdAt: isoTime(createdAt) };
      }
    },
    erase: (accountId) => store.erase(accountId),
  };
}
