import type { KeyringNode } from "@aws-crypto/client-node";
import type { KeyState } from "./vault.ts";

/** Where an encrypted data key says that it comes from, as the AWS Encryption SDK writes it. */
export interface DataKeyOrigin {
  readonly providerId: string;
  readonly providerInfo: string;
}

/** A source of key-encryption keys. Ids are unique over all sources. */
export interface WrappingKeys {
  /** Id of the key that wraps new data keys. Throws VaultError when there is none or it cannot be told. */
  current(): Promise<string>;
  /** The id of the key that wrapped a data key; undefined when it is none of this source. */
  keyIdOf(origin: DataKeyOrigin): string | undefined;
  /** True when the key with this id would be one of this source, whether or not it is there. */
  owns(keyId: string): boolean;
  /** A keyring that wraps and unwraps under this one key. Throws VaultError `key_lost` when it is not there. */
  keyring(keyId: string): Promise<KeyringNode>;
  /** Runs what uses a keyring of this source, and turns the source's failures into VaultError. */
  explained<T>(keyId: string, use: () => Promise<T>): Promise<T>;
  /** Says how the key is. */
  examine(keyId: string): Promise<Omit<KeyState, "current">>;
}
