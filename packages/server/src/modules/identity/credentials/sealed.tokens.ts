import { AppError } from "../../../platform/errors/app.error.ts";
import { type Binding, type Sealed, type Vault, VaultError } from "../../../platform/vault/vault.ts";
import type { Credential, CredentialsStore, SealedTokens } from "./credentials.store.ts";
import type { LinkNews } from "./link.news.ts";
import type { LinkKey } from "./links.store.ts";

/** Which of the two tokens. */
export type TokenKind = "access" | "refresh";

/** The way of tokens into the vault and out of it. */
export interface SealedTokensService {
  /** Both under one key. Throws `vault.unavailable`. */
  seal(
    key: LinkKey,
    tokens: { accessToken: string; refreshToken: string | undefined; expiresAt: number | null },
  ): Promise<SealedTokens>;
  /**
   * Opens one token. Throws `link.sign_in_again` when its key is gone or it is not authentic, after this credential
   * alone was marked and its account told; `vault.unavailable` when trying later can help.
   */
  open(credential: Credential, kind: TokenKind): Promise<string>;
  /** Makes sure that `seal` needs nothing from outside for a while. Throws `vault.unavailable`. */
  prepare(key: LinkKey): Promise<void>;
}

/** What sealing needs. `now` in milliseconds. */
export interface SealedTokensDeps {
  vault: Vault;
  store: CredentialsStore;
  news: LinkNews;
  now(): number;
}

const again = 30;
/** What the vault binds a token to. */
export function tokenBinding({ accountId, provider }: LinkKey, kind: TokenKind): Binding {
  return { accountId, provider, purpose: `${kind}_token` };
}

/** Says that the person has to sign in at the provider again. */
export function signInAgain(provider: string): AppError {
  return new AppError("link.sign_in_again", `The link to ${provider} does not work any more: sign in there again.`);
}

/** Tokens sealed for their account, provider and kind. */
export function createSealedTokens({ vault, store, news, now }: SealedTokensDeps): SealedTokensService {
  async function available<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // A new secret has no account to be asked again: whatever is wrong with the current key is for the operator.
      if (error instanceof VaultError) throw unavailable();
      throw error;
    }
  }

  return {
    async seal(key, { accessToken, refreshToken, expiresAt }) {
      for (;;) {
        const access = await available(() => vault.seal(tokenBinding(key, "access"), accessToken));
        if (refreshToken === undefined) return { access: access.text, refresh: null, keyId: access.keyId, expiresAt };
        const refresh: Sealed = await available(() => vault.seal(tokenBinding(key, "refresh"), refreshToken));
        // Between the two a new key may have become the current one.
        if (refresh.keyId === access.keyId)
          return { access: access.text, refresh: refresh.text, keyId: access.keyId, expiresAt };
      }
    },

    async open(credential, kind) {
      const sealed = credential[kind];
      if (sealed === null) throw signInAgain(credential.provider);
      try {
        const token = await vault.open(tokenBinding(credential, kind), sealed);
        if (credential.lostAt !== null) await store.markLost(credential, credential.version, null);
        return token;
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        if (error.failure === "key_unavailable") throw unavailable();
        if (await store.markLost(credential, credential.version, now()))
          await news.ended(credential, error.failure, credential.keyId);
        throw signInAgain(credential.provider);
      }
    },

    async prepare(key) {
      for (const kind of ["access", "refresh"] as const) await available(() => vault.seal(tokenBinding(key, kind), ""));
    },
  };
}

function unavailable(): AppError {
  return new AppError("vault.unavailable", "Stored credentials cannot be used at the moment. Please try again soon.", {
    retryAfter: again,
  });
}
