import type { QuietHours } from "@foyer/protocol";
import type { Choice } from "./preference.types.ts";

/** Which choice: of somebody, about a broadcaster in a guild. */
export interface ChoiceKey {
  accountId: string;
  guildId: string;
  broadcasterId: string;
}

/** Store of what people chose. Each operation is one transaction. */
export interface PreferencesStore {
  /** All choices of an account. */
  of(accountId: string): Promise<(Omit<ChoiceKey, "accountId"> & Choice)[]>;
  /**
   * Changes a choice (what is undefined stays, or is `otherwise` where nothing was chosen) and gives what holds now.
   * With it, where `userId` is given (Discord's id of the person), that they are to have the role of the broadcaster, or
   * to have it no longer.
   */
  change(
    key: ChoiceKey,
    change: { discord?: boolean | undefined; push?: boolean | undefined },
    otherwise: Choice,
    userId: string | undefined,
    now: number,
  ): Promise<Choice>;
  /** The account is linked with this person of Discord now: their choices count for them. Returns whether that is news. */
  linkedWith(accountId: string, userId: string, now: number): Promise<boolean>;
  quietHours(accountId: string): Promise<QuietHours | null>;
  setQuietHours(accountId: string, hours: QuietHours | null): Promise<void>;
  /** Which of these guilds announces whom. */
  announcements(guildIds: readonly string[]): Promise<Omit<ChoiceKey, "accountId">[]>;
}
