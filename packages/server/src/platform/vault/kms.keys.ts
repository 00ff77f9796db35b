import { AsyncLocalStorage } from "node:async_hooks";
import { KMS, KmsKeyringNode } from "@aws-crypto/client-node";
import { Counter, type Registry } from "prom-client";
import { type KeyState, VaultError } from "./vault.ts";
import type { WrappingKeys } from "./wrapping.keys.ts";

/** Which key of AWS KMS, and how to reach it. */
export interface KmsSettings {
  /** Id, alias (`alias/name`) or ARN. */
  keyId: string;
  /** Used where the ARN names none. */
  region: string;
  /** Another endpoint than Amazon's, for a simulator or a private one. */
  endpoint?: string | undefined;
  /** Default: the usual chain of AWS (environment, profile, role of the machine). */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

const arn = /^arn:(?<partition>[^:]+):kms:(?<region>[^:]+):(?<account>\d+):key\/.+$/;
const connectMs = 2_000;
const answerMs = 5_000;

/**
 * Key-encryption keys of AWS KMS. New data keys are wrapped by the key of the settings; others of the same AWS account
 * still unwrap what they wrapped, so that a key can be changed. A key of another AWS account is never asked: whoever
 * can write into the database must not choose whose keys Foyer trusts.
 */
export function createKmsKeys(settings: KmsSettings, metrics: Registry): WrappingKeys {
  const failures = new AsyncLocalStorage<{ error?: unknown }>();
  const calls = callCounter(metrics);
  const clients = new Map<string, KMS>();
  const keyrings = new Map<string, KmsKeyringNode>();
  let resolving: Promise<string> | undefined;

  function client(region: string): KMS {
    let made = clients.get(region);
    if (made === undefined) {
      made = new KMS({
        region,
        maxAttempts: 3,
        requestHandler: { connectionTimeout: connectMs, requestTimeout: answerMs, throwOnRequestTimeout: true },
        ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
        ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
      });
      clients.set(region, made);
    }
    return made;
  }

  /** Counts the call; and keeps its error, of which the SDK only hands on a text. */
  async function counted<T>(operation: string, call: () => Promise<T>): Promise<T> {
    try {
      const answer = await call();
      calls.inc({ operation, outcome: "ok" });
      return answer;
    } catch (error) {
      calls.inc({ operation, outcome: nameOf(error) });
      const kept = failures.getStore();
      if (kept !== undefined) kept.error = error;
      throw error;
    }
  }

  const provider = (region: string) => {
    const kms = client(region === "" ? settings.region : region);
    return {
      generateDataKey: (input: Parameters<KMS["generateDataKey"]>[0]) =>
        counted("GenerateDataKey", () => kms.generateDataKey(input)),
      encrypt: (input: Parameters<KMS["encrypt"]>[0]) => counted("Encrypt", () => kms.encrypt(input)),
      decrypt: (input: Parameters<KMS["decrypt"]>[0]) => counted("Decrypt", () => kms.decrypt(input)),
    };
  };

  async function describe(keyId: string) {
    const region = arn.exec(keyId)?.groups?.region ?? regionOf(keyId) ?? settings.region;
    const { KeyMetadata } = await counted("DescribeKey", () => client(region).describeKey({ KeyId: keyId }));
    return KeyMetadata;
  }

  /** The ARN of the key of the settings: stored beside what it sealed, and compared with it. */
  function current(): Promise<string> {
    if (arn.test(settings.keyId)) return Promise.resolve(settings.keyId);
    resolving ??= explained(settings.keyId, async () => {
      const found = (await describe(settings.keyId))?.Arn;
      if (found === undefined) throw new Error("KMS named no ARN");
      return found;
    }).catch((error: unknown) => {
      resolving = undefined;
      throw error;
    });
    return resolving;
  }

  async function explained<T>(keyId: string, use: () => Promise<T>): Promise<T> {
    const kept: { error?: unknown } = {};
    try {
      return await failures.run(kept, use);
    } catch (error) {
      if (error instanceof VaultError) throw error;
      if (kept.error === undefined)
        throw new VaultError("not_authentic", "The data key does not open with the key that it names.", keyId);
      throw failureOf(kept.error, keyId);
    }
  }

  async function keyring(keyId: string): Promise<KmsKeyringNode> {
    const own = arn.exec(await current())?.groups;
    const other = arn.exec(keyId)?.groups;
    if (other === undefined || other.account !== own?.account || other.partition !== own?.partition) {
      throw new VaultError("key_lost", `The key ${keyId} belongs to another AWS account than KMS_KEY_ID.`, keyId);
    }
    let made = keyrings.get(keyId);
    if (made === undefined) {
      made = new KmsKeyringNode({ clientProvider: provider, generatorKeyId: keyId });
      keyrings.set(keyId, made);
    }
    return made;
  }

  return {
    current,
    keyIdOf: ({ providerId, providerInfo }) => (providerId === "aws-kms" ? providerInfo : undefined),
    owns: (keyId) => keyId.startsWith("arn:"),
    keyring,
    explained,
    async examine(keyId) {
      try {
        await keyring(keyId);
        const found = await explained(keyId, () => describe(keyId));
        return stateOf(keyId, found?.KeyState ?? "unknown");
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        return { keyId, state: error.failure === "key_lost" ? "lost" : "unavailable", text: error.message };
      }
    },
  };
}

function stateOf(keyId: string, state: string): Omit<KeyState, "current"> {
  if (state === "Enabled") return { keyId, state: "usable", text: "enabled in AWS KMS" };
  if (state === "PendingDeletion")
    return { keyId, state: "lost", text: "waits for its deletion in AWS KMS: cancel that to keep it" };
  return { keyId, state: "unavailable", text: `is ${state} in AWS KMS` };
}

function failureOf(error: unknown, keyId: string): VaultError {
  const name = nameOf(error);
  const message = error instanceof Error ? error.message : "";
  // KMS tells a key that waits for its deletion apart from other states by its text alone.
  const gone =
    name === "NotFoundException" || (name === "KMSInvalidStateException" && /pending deletion/i.test(message));
  if (gone) return new VaultError("key_lost", `AWS KMS has no key ${keyId} any more (${name}).`, keyId);
  if (name === "InvalidCiphertextException" || name === "IncorrectKeyException") {
    return new VaultError("not_authentic", `AWS KMS does not open the data key (${name}).`, keyId);
  }
  return new VaultError("key_unavailable", `AWS KMS cannot be used now with the key ${keyId} (${name}).`, keyId);
}

function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.name : "unknown";
  return /^\w{1,60}$/.test(name) ? name : "unknown";
}

function regionOf(keyId: string): string | undefined {
  return /^arn:[^:]+:kms:([^:]+):/.exec(keyId)?.[1];
}

function callCounter(metrics: Registry): Counter<"operation" | "outcome"> {
  return new Counter({
    name: "foyer_vault_kms_calls_total",
    help: "Calls to AWS KMS, by operation and outcome.",
    labelNames: ["operation", "outcome"],
    registers: [metrics],
  });
}
