/** Tokens as a provider gives them. */
export interface Tokens {
  accessToken: string;
  /** Absent in the answer to a refresh: the one that was spent stays valid. */
  refreshToken?: string | undefined;
  /** Seconds from now; absent: it does not say. */
  expiresIn?: number | undefined;
  /** What was granted; absent: it does not say. */
  scopes?: readonly string[] | undefined;
}

/** What a provider says of an access token. */
export type Validity =
  | { active: false }
  | { active: true; scopes?: readonly string[] | undefined; name?: string | undefined };

/** How long a call may take. */
export interface CallOptions {
  signal: AbortSignal;
}

/**
 * The token endpoints of one outside provider. Every error but GrantRefused means that it is not known whether the
 * call was carried out. No error may hold a token in its name or code.
 */
export interface TokenProvider {
  /** Spends a refresh token. Throws GrantRefused when the provider says that it is not valid (any more). */
  refresh(refreshToken: string, options: CallOptions): Promise<Tokens>;
  /** Asks whether an access token is (still) good. Absent: the provider has no such question. */
  validate?(accessToken: string, options: CallOptions): Promise<Validity>;
  /** Gives a token back. Absent: the provider takes none. */
  revoke?(token: string, options: CallOptions): Promise<void>;
}

/** The provider refuses the grant itself, for good: the person has to sign in there again. */
export class GrantRefused extends Error {
  constructor(message = "the provider refuses the grant") {
    super(message);
    this.name = "GrantRefused";
  }
}
