import type { Account, GuestAccess, Limits } from "@foyer/protocol";
import type { AccountCaller } from "./caller.ts";

/** What is known of somebody who signs in. `replaces`: the session that they came with. */
export interface Visit {
  addressHash: string;
  device: string;
  /** The network, made coarse. */
  place?: string | undefined;
  /** True: the person has shown who they are just now, here and not only to somebody else. */
  proven?: boolean | undefined;
  replaces?: Pick<AccountCaller, "accountId" | "sessionId"> | undefined;
}

/** What signing in gives. `expiresAt` is in milliseconds since 1970. */
export interface Grant {
  caller: AccountCaller;
  account: Account;
  token: string;
  /** When the session ends unless it is used. */
  expiresAt: number;
  /** When it ends however much it is used: how long a cookie is worth keeping. */
  endsAt: number;
}

/** The part of the configuration that identity needs. */
export interface IdentityConfig {
  /** At least 32 bytes: signs session tokens and keys the hashes of addresses. */
  jwtSecret: string;
  /** How long a session lasts. */
  sessionSeconds: number;
  /** How long the token lasts that a sign-in from outside shows. */
  tokenSeconds: number;
  registration: "open" | "closed";
  /** Told by `serverInfo`; and what one account and one address may do. 0: unlimited. */
  limits: Omit<Limits, "historyPage"> & { signInsPerMinute: number; connectionsPerAddress: number };
}

/** What identity asks of the rooms, which are built after it. */
export interface RoomsPort {
  /** True when an invite link with this token works now. */
  inviteValid(token: string): Promise<boolean>;
  /** The most that guests may do in any room. */
  guestAccess(): Promise<GuestAccess> | GuestAccess;
}
