import type { AlertTemplate, DestinationKind, EndAction, MentionChoice, OffReason } from "@foyer/protocol";

/** A destination as it is kept. `target`: channel, room, or the host of a webhook; empty for push. */
export interface DestinationRecord {
  destinationId: string;
  guildId: string;
  kind: DestinationKind;
  name: string;
  target: string;
  /** Webhooks: address and secret, sealed. */
  sealed: string | null;
  keyId: string | null;
  enabled: boolean;
  offReason: OffReason | null;
  template: AlertTemplate | null;
  mention: MentionChoice | null;
  endAction: EndAction | null;
  createdBy: string;
  /** Milliseconds since 1970. */
  createdAt: number;
}

export type DestinationChange = Partial<
  Pick<DestinationRecord, "name" | "enabled" | "offReason" | "template" | "mention" | "endAction">
>;

/** What a destination does differently for one broadcaster. */
export interface OverrideRecord {
  broadcasterId: string;
  enabled: boolean;
  template: AlertTemplate | null;
  mention: MentionChoice | null;
}

/** Destinations and overrides. Each operation is atomic; a destination that was removed is found by none of them. */
export interface DestinationsStore {
  /** Oldest first. */
  list(guildId: string): Promise<DestinationRecord[]>;
  /** Undefined also where it belongs to another guild. */
  find(guildId: string, destinationId: string): Promise<DestinationRecord | undefined>;
  /**
   * `exists`: the guild has one of that kind and target. `full`: it has `most` of them. Of several at the same time
   * only one gets in.
   */
  add(record: DestinationRecord, most: number): Promise<"added" | "exists" | "full">;
  /** The record after the change; undefined: there is none (any more). */
  change(guildId: string, destinationId: string, change: DestinationChange): Promise<DestinationRecord | undefined>;
  /** False: there was none. What was delivered stays readable. */
  remove(guildId: string, destinationId: string, now: number): Promise<boolean>;
  /** Switches every destination off that leads to a target: a room that is gone. */
  switchOff(kind: DestinationKind, target: string, reason: OffReason): Promise<void>;

  overrides(destinationId: string): Promise<OverrideRecord[]>;
  setOverride(destinationId: string, override: OverrideRecord): Promise<void>;
  /** Whether a guild announces a broadcaster. */
  announces(guildId: string, broadcasterId: string): Promise<boolean>;

  countByKey(): Promise<{ keyId: string; total: number }[]>;
  /** Sealed ones under other keys, by id, behind `after`. */
  underOtherKeys(keyId: string, after: string, limit: number): Promise<SealedDestination[]>;
  /** False: it has changed since it was read. */
  reseal(destinationId: string, before: string, fresh: { sealed: string; keyId: string }): Promise<boolean>;

  /** What an account has made or is: for its owner. */
  madeBy(accountId: string): Promise<{ destinationId: string; guildId: string; kind: string; name: string }[]>;
}

export interface SealedDestination {
  destinationId: string;
  sealed: string;
  keyId: string;
}
