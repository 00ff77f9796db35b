import { type KeyringNode, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from "@aws-crypto/client-node";
import { OperatorError } from "../errors/operator.error.ts";
import type { FileKeys, KeyFile } from "./key.file.ts";
import { VaultError } from "./vault.ts";
import type { WrappingKeys } from "./wrapping.keys.ts";

const namespace = "foyer-key-file";
const prefix = "file:";

/**
 * Key-encryption keys of the key file. The file is read again whenever it changed, so that a key that an operator adds
 * is used by the running server at once.
 */
export function createFileKeys(file: KeyFile): WrappingKeys {
  let stamp = "";
  let held: FileKeys | undefined;
  let keyrings = new Map<string, KeyringNode>();

  function refreshed(read: () => FileKeys | undefined): FileKeys | undefined {
    try {
      const now = file.stamp();
      if (held === undefined || now !== stamp) {
        const found = read();
        // A changed file may hold another key under the same name: a backup that was put back.
        keyrings = new Map();
        held = found;
        stamp = file.stamp();
      }
      return held;
    } catch (error) {
      // Nothing is opened with keys that were remembered from a file that is not right any more.
      held = undefined;
      if (error instanceof OperatorError) throw new VaultError("key_unavailable", error.message);
      throw error;
    }
  }

  function keyring(keyId: string): KeyringNode {
    const key = refreshed(() => file.read())?.keys.find(({ id }) => prefix + id === keyId);
    if (key === undefined) throw new VaultError("key_lost", `The key ${keyId} is not in ${file.path}.`, keyId);
    const known = keyrings.get(keyId);
    if (known !== undefined) return known;
    const made = new RawAesKeyringNode({
      keyName: key.id,
      keyNamespace: namespace,
      // A copy of its own: the SDK refuses a key that lies in a larger buffer.
      unencryptedMasterKey: new Uint8Array(Buffer.from(key.key, "base64url")),
      wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    });
    keyrings.set(keyId, made);
    return made;
  }

  return {
    async current() {
      const keys = refreshed(() => file.ensure());
      return prefix + (keys?.current ?? "");
    },
    keyIdOf({ providerId, providerInfo }) {
      // The SDK adds lengths and an initialization vector behind the name.
      return providerId === namespace ? prefix + providerInfo.slice(0, 18) : undefined;
    },
    owns: (keyId) => keyId.startsWith(prefix),
    keyring: async (keyId) => keyring(keyId),
    async explained(keyId, use) {
      try {
        return await use();
      } catch (error) {
        if (error instanceof VaultError) throw error;
        throw new VaultError("not_authentic", "The data key does not open with the key that it names.", keyId);
      }
    },
    async examine(keyId) {
      try {
        keyring(keyId);
        return { keyId, state: "usable", text: `in ${file.path}` };
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        return { keyId, state: error.failure === "key_lost" ? "lost" : "unavailable", text: error.message };
      }
    },
  };
}
