import type { OutboxJob, OutboxStore } from "../../../../platform/outbox/outbox.port.ts";

/** Something to do about the role of a guild's broadcaster, or about who has it. */
export type FollowerJob = OutboxJob & { guildId: string; broadcasterId: string } & (RoleWork | HoldWork);

export interface RoleWork {
  kind: "role";
  /** How the broadcaster is called; undefined: nobody knows them any more. */
  displayName: string | undefined;
  roleId: string | null;
  /** False: nobody is mentioned by it any more, and it is to be deleted. */
  wanted: boolean;
  /** When an earlier creation was begun whose end is not known, in milliseconds since 1970. */
  uncertainSince: number | null;
}

export interface HoldWork {
  kind: "hold";
  roleId: string;
  /** Discord's id of the person. */
  userId: string;
  /** Null: the account is gone. */
  accountId: string | null;
  wanted: boolean;
  /** Null: not known. */
  has: boolean | null;
}

export type RoleProblem = "no_permission" | "too_many_roles";

/** What a try found or did. */
export type FollowerResult =
  /** Whether the person has the role now; null: not known. */
  | { kind: "hold"; has: boolean | null }
  /** The role is there. `fresh`: nobody has it yet. */
  | { kind: "role"; roleId: string; fresh: boolean }
  /** The role is not there any more, and is to be made anew where it is wanted. */
  | { kind: "role_gone" }
  | { kind: "deleted" }
  | { kind: "problem"; problem: RoleProblem }
  /** Nothing was found out. */
  | { kind: "nothing" };

/**
 * Store of the roles and their holders. Each operation is one transaction. Its lanes: `roles`, `changes` of who has them,
 * and `checks` whether all is still as it should be.
 */
export interface FollowersStore extends OutboxStore<FollowerJob, FollowerResult> {
  /**
   * Brings what is wanted up to date: a role for each broadcaster with followers, where followers are mentioned; none
   * where nobody is mentioned by it; no holder who did not choose so. Returns whether anything has changed.
   */
  derive(now: number): Promise<boolean>;
  /** Notes that a role is made now. False: somebody else holds the work. */
  creating(job: FollowerJob, now: number): Promise<boolean>;
  roleOf(guildId: string, broadcasterId: string): Promise<string | null>;
  /** Roles of a guild that Foyer made. */
  rolesOf(guildId: string): Promise<string[]>;
  /** What is in the way in a guild. */
  problemOf(guildId: string): Promise<RoleProblem | null>;
  /** Looks again at once where something was in the way, if it is to be looked at before a time. Returns whether any is. */
  retryProblems(guildId: string, before: number, now: number): Promise<boolean>;
  /** What somebody has is looked at now. */
  recheck(accountId: string, now: number): Promise<void>;
  /** How much is to be done: holders that are not as wanted, and due. */
  lagging(now: number): Promise<number>;
}
