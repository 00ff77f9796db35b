/** What a secret belongs to. All of it is bound into the sealed text: under another binding it does not open. */
export interface Binding {
  accountId: string;
  provider: string;
  /** Which of the account's secrets this is: `access_token`. There are few of them: each has data keys of its own. */
  purpose: string;
}

/** A secret as it may be stored. `keyId` names the key-encryption key that it hangs on. */
export interface Sealed {
  text: string;
  keyId: string;
}

/**
 * Why the vault does not give or take a secret. `key_lost`: the key-encryption key is gone, and with it what it
 * sealed, until somebody brings it back. `key_unavailable`: it exists but cannot be used now. `not_authentic`: the text
 * is damaged, was made by somebody else, or belongs to another binding.
 */
export type VaultFailure = "key_lost" | "key_unavailable" | "not_authentic";

/** The vault could not do its work. `keyId` is the key-encryption key, where it is known. Holds no secret. */
export class VaultError extends Error {
  readonly failure: VaultFailure;
  readonly keyId: string | undefined;

  constructor(failure: VaultFailure, message: string, keyId?: string) {
    super(message);
    this.name = "VaultError";
    this.failure = failure;
    this.keyId = keyId;
  }
}

/** How a key-encryption key is. `text` says in words why it cannot be used. */
export interface KeyState {
  keyId: string;
  state: "usable" | "unavailable" | "lost";
  /** True: new secrets are sealed under it. */
  current: boolean;
  text: string;
}

/** Keeps secrets: what it seals may lie in the open. */
export interface Vault {
  /** Seals under the current key. Throws VaultError. */
  seal(binding: Binding, secret: string): Promise<Sealed>;
  /** Opens what was sealed under the same binding and any key that is at hand. Throws VaultError. */
  open(binding: Binding, sealed: string): Promise<string>;
  /** Id of the key-encryption key that `seal` uses now. Throws VaultError. */
  currentKey(): Promise<string>;
  /** Says how a key is; with KMS by asking for its state. */
  examine(keyId: string): Promise<KeyState>;
}
