import type { Profile, Role, TokenScope } from "@foyer/protocol";

/** Somebody who is signed in, as an account or as a guest that has one (`role: guest`). */
export interface AccountCaller {
  kind: "account";
  accountId: string;
  profile: Profile;
  /** A token for programs gives less than the account's own role where it lacks the scope for it. */
  role: Role;
  /** The session, or the token for programs. */
  sessionId: string;
  /** When the session ends, in milliseconds since 1970. */
  expiresAt: number;
  /** Keyed hash of the network address: enough to match a ban, not to find a person. */
  addressHash: string;
  /** What a token for programs may do. Undefined: a session, which may do all that its account may. */
  scopes?: readonly TokenScope[] | undefined;
  /** When the person last showed who they are in this session, in milliseconds since 1970. */
  provenAt?: number | null | undefined;
}

/** Somebody about whom nothing is known but the address. */
export interface AnonymousCaller {
  kind: "anonymous";
  addressHash: string;
}

/** Who is calling, whichever transport they came by. Here, because transports may not know the identity module. */
export type Caller = AccountCaller | AnonymousCaller;

/** What a caller showed, in the order in which it counts. A bad one is refused: the next is not tried. */
export interface Credentials {
  bearer?: string | undefined;
  ticket?: string | undefined;
  cookie?: string | undefined;
}

/**
 * Turns credentials into a caller; none at all is an anonymous caller. `place`: the caller's network, made coarse.
 * Throws `auth.*` and `account.suspended`.
 */
export type Authenticate = (credentials: Credentials, addressHash: string, place?: string) => Promise<Caller>;
