import {
  AlgorithmSuiteIdentifier,
  getLocalCryptographicMaterialsCache,
  type NodeAlgorithmSuite,
  NodeCachingMaterialsManager,
  NodeDecryptionMaterial,
  NodeEncryptionMaterial,
  type NodeMaterialsManager,
  NodeAlgorithmSuite as Suite,
} from "@aws-crypto/client-node";
import type { CacheBounds } from "./vault.settings.ts";
import { VaultError } from "./vault.ts";
import type { WrappingKeys } from "./wrapping.keys.ts";

type EncryptionRequest = Parameters<NodeMaterialsManager["getEncryptionMaterials"]>[0];
type DecryptionRequest = Parameters<NodeMaterialsManager["decryptMaterials"]>[0];

/** Commits to its key, and signs nothing: who can open can also seal here, so that a signature would prove nothing. */
const suite: NodeAlgorithmSuite = new Suite(AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY);

/** What shared data keys need. The first of `sources` wraps new data keys. */
export interface SharedDataKeysDeps {
  sources: readonly [WrappingKeys, ...WrappingKeys[]];
  bounds: CacheBounds;
  /** The part of a context that all records of one purpose share. */
  shared(context: Readonly<Record<string, string>>): Record<string, string>;
}

/** Hears what the SDK does not hand through: which key a message hangs on, and why it could not be used. */
export interface ManagerHooks {
  onKey(keyId: string): void;
  onFailure(error: unknown): void;
}

/**
 * Data keys that several accounts share, below an encryption context that each record has for itself.
 *
 * The caching materials manager of the SDK remembers data keys by their whole encryption context. With the account in
 * it every account would have its own data keys, and every opening would cost a call to KMS. So the data key is asked
 * for (and wrapped by KMS) under the part of the context that all records of one purpose share; the message itself
 * carries the whole context, account and provider included, in its header, which the SDK authenticates with the data
 * key. No cryptography happens here: a data key is handed from one context to the other.
 */
export function createSharedDataKeys({ sources, bounds, shared }: SharedDataKeysDeps) {
  const cache = getLocalCryptographicMaterialsCache(bounds.dataKeys);
  const [first] = sources;
  const flights = new Map<string, Promise<unknown>>();

  /** Of several that want the same data key at once, the first fetches it and the others find it in the cache. */
  async function once<T>(key: string, run: () => Promise<T>): Promise<T> {
    const flight = flights.get(key);
    if (flight !== undefined) {
      await flight;
      return run();
    }
    const own = run();
    flights.set(key, own);
    try {
      return await own;
    } finally {
      flights.delete(key);
    }
  }

  async function cachingManager(
    source: WrappingKeys,
    keyId: string,
    seconds: number,
  ): Promise<NodeCachingMaterialsManager> {
    return new NodeCachingMaterialsManager({
      cache,
      backingMaterials: await source.keyring(keyId),
      // Keys of the cache: never is a data key of one key-encryption key taken for another's.
      partition: `${seconds}:${keyId}`,
      maxAge: seconds * 1000,
      maxMessagesEncrypted: bounds.messages,
      maxBytesEncrypted: bounds.bytes,
    });
  }

  async function forSealing(keyId: string, request: EncryptionRequest): Promise<NodeEncryptionMaterial> {
    const source = owner(keyId);
    const encryptionContext = shared(request.encryptionContext);
    const manager = await cachingManager(source, keyId, bounds.sealSeconds);
    const material = await once(`seal ${keyId} ${JSON.stringify(encryptionContext)}`, () =>
      source.explained(keyId, async () => manager.getEncryptionMaterials({ ...request, suite, encryptionContext })),
    );
    const bound = new NodeEncryptionMaterial(material.suite, request.encryptionContext);
    const [made, ...wrapped] = material.keyringTrace;
    if (made === undefined) throw new Error("a data key without a trace");
    bound.setUnencryptedDataKey(material.getUnencryptedDataKey(), made);
    for (const [index, dataKey] of material.encryptedDataKeys.entries()) {
      const trace = wrapped[index];
      if (trace === undefined) throw new Error("a wrapped data key without a trace");
      bound.addEncryptedDataKey(dataKey, trace.flags);
    }
    return bound;
  }

  async function forOpening(keyId: string, request: DecryptionRequest): Promise<NodeDecryptionMaterial> {
    const source = owner(keyId);
    const encryptionContext = shared(request.encryptionContext);
    const manager = await cachingManager(source, keyId, bounds.openSeconds);
    const wrapped = request.encryptedDataKeys
      .map((each) => Buffer.from(each.encryptedDataKey).toString("base64"))
      .join();
    const material = await once(`open ${wrapped} ${JSON.stringify(encryptionContext)}`, () =>
      source.explained(keyId, async () => manager.decryptMaterials({ ...request, encryptionContext })),
    );
    const bound = new NodeDecryptionMaterial(material.suite, request.encryptionContext);
    const [opened] = material.keyringTrace;
    if (opened === undefined) throw new Error("a data key without a trace");
    return bound.setUnencryptedDataKey(material.getUnencryptedDataKey(), opened);
  }

  function owner(keyId: string): WrappingKeys {
    const found = sources.find((source) => source.owns(keyId));
    if (found === undefined)
      throw new VaultError("key_lost", `The key ${keyId} is of a kind that is not configured.`, keyId);
    return found;
  }

  /** The materials manager of one seal or one opening. */
  function managerFor(hooks: ManagerHooks): NodeMaterialsManager {
    const heard = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        hooks.onFailure(error);
        throw error;
      }
    };
    return {
      getEncryptionMaterials: (request) =>
        heard(async () => {
          const keyId = await first.current();
          hooks.onKey(keyId);
          return forSealing(keyId, request);
        }),
      decryptMaterials: (request) =>
        heard(async () => {
          const keyId = originOf(request);
          hooks.onKey(keyId);
          return forOpening(keyId, request);
        }),
    };
  }

  function originOf({ encryptedDataKeys }: DecryptionRequest): string {
    const [origin] = encryptedDataKeys;
    const keyId = origin && sources.map((source) => source.keyIdOf(origin)).find((each) => each !== undefined);
    // Without KMS_KEY_ID there is no source that knows the names of AWS: the id is said all the same.
    if (keyId !== undefined) return keyId;
    throw new VaultError("key_lost", "The text hangs on a key of a kind that is not configured.", origin?.providerInfo);
  }

  return { managerFor, currentKey: () => first.current(), owner };
}
