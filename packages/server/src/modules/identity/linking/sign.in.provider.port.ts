import type { PermissionLevel, SignInProvider as ProviderName } from "@foyer/protocol";
import type { TokenProvider, Tokens } from "../credentials/token.provider.port.ts";

/** Somebody as an outside provider knows them. Only `subject` says who it is: everything else may change. */
export interface OutsidePerson {
  /** The provider's own id of the person: never reused, never changed. */
  subject: string;
  /** What the provider calls the person; may hold anything. */
  name: string;
  /** From what a handle can be made; absent where the provider knows nothing but an e-mail address. */
  login?: string | undefined;
  /** Only an address that the provider itself has verified; never another. */
  verifiedEmail?: string | undefined;
}

/** What binds one sign-in to its answer. All three are fresh for each. */
export interface FlowSecrets {
  state: string;
  nonce: string;
  /** Of PKCE. */
  verifier: string;
}

/** One way to sign in from outside: authorization code with PKCE. */
export interface SignInProvider {
  readonly provider: ProviderName;
  /** What people call it. */
  readonly name: string;
  /** Where the provider sends people back to, when the operator set it; else the server's own path for it. */
  readonly redirectUri?: string | undefined;
  /**
   * Scopes of each permission level, all that it takes; a level holds those of the levels before it. Absent: the
   * provider has no levels.
   */
  readonly levels?: Readonly<Record<PermissionLevel, readonly string[]>> | undefined;
  /** Present: the tokens are worth keeping, because Foyer calls the provider with them. */
  readonly tokens?: TokenProvider | undefined;
  /**
   * The address of the provider to send the person to. `askAgain`: the provider asks the person even when it could
   * answer by itself. Throws `provider.unavailable`.
   */
  authorizeUrl(secrets: FlowSecrets, options: AuthorizeOptions): Promise<URL>;
  /**
   * Exchanges what the provider sent the person back with, and asks who it is. `callback` is the redirect address with
   * the query that came back. Throws `sign_in.declined` (the person said no), `sign_in.refused` (the answer is not
   * good), `provider.unavailable`.
   */
  complete(secrets: FlowSecrets, callback: URL): Promise<{ person: OutsidePerson; tokens: Tokens }>;
}

export interface AuthorizeOptions {
  redirectUri: string;
  /** For providers with levels. */
  level?: PermissionLevel | undefined;
  askAgain: boolean;
}

/** Bearer tokens that somebody else issues and that count here. */
export interface OutsideBearer {
  readonly provider: ProviderName;
  /** True when a token says it is this issuer's. Says nothing about whether it is good. */
  recognises(token: string): boolean;
  /** Throws `auth.token_expired`, `auth.token_invalid`, `provider.unavailable`. `expiresAt` in milliseconds since 1970. */
  verify(token: string): Promise<{ person: OutsidePerson; expiresAt: number }>;
}
