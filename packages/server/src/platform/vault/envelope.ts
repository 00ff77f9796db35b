import { buildClient, CommitmentPolicy } from "@aws-crypto/client-node";
import { Counter } from "prom-client";
import { createFileKeys } from "./file.keys.ts";
import { createKmsKeys } from "./kms.keys.ts";
import { createSharedDataKeys } from "./shared.data.keys.ts";
import { defaultCacheBounds, type VaultDeps, type VaultSettings } from "./vault.settings.ts";
import { type Binding, type Sealed, type Vault, VaultError } from "./vault.ts";

/** Larger texts are no credentials of ours. */
const longestSecret = 65_536;

/**
 * Envelope encryption by the AWS Encryption SDK, which refuses every message that does not commit to its key. The
 * binding is the encryption context: it stands in the authenticated header of the message, and is compared when the
 * message is opened.
 */
export function createEnvelope(settings: VaultSettings, { log, metrics, security }: VaultDeps): Vault {
  const client = buildClient({
    commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
    maxEncryptedDataKeys: 1,
  });
  const files = createFileKeys(settings.keyFile);
  const dataKeys = createSharedDataKeys({
    sources: settings.kms === undefined ? [files] : [createKmsKeys(settings.kms, metrics), files],
    bounds: { ...defaultCacheBounds, ...settings.cache },
    shared: ({ application = "", purpose = "" }) => ({ application, purpose }),
  });
  const operations = new Counter({
    name: "foyer_vault_operations_total",
    help: "Secrets sealed and opened, by outcome.",
    labelNames: ["operation", "outcome"],
    registers: [metrics],
  });

  function refuse(operation: string, reason: unknown, keyId: string | undefined): VaultError {
    const error =
      reason instanceof VaultError
        ? reason
        : new VaultError("not_authentic", "The sealed text is damaged or not authentic.", keyId);
    operations.inc({ operation, outcome: error.failure });
    log.debug({ operation, reason: error.failure, keyId: error.keyId }, "the vault refused");
    security?.record("vault.failed", { operation, reason: error.failure, keyId: error.keyId });
    return error;
  }

  async function seal(binding: Binding, secret: string): Promise<Sealed> {
    let failure: unknown;
    let keyId: string | undefined;
    const manager = dataKeys.managerFor({
      onKey: (id) => {
        keyId = id;
      },
      onFailure: (error) => {
        failure = error;
      },
    });
    try {
      const { result } = await client.encrypt(manager, secret, { encryptionContext: contextOf(binding) });
      operations.inc({ operation: "seal", outcome: "ok" });
      return { text: result.toString("base64"), keyId: keyId ?? "" };
    } catch (error) {
      throw failure === undefined ? error : refuse("seal", failure, keyId);
    }
  }

  async function open(binding: Binding, sealed: string): Promise<string> {
    let failure: unknown;
    let keyId: string | undefined;
    const manager = dataKeys.managerFor({
      onKey: (id) => {
        keyId = id;
      },
      onFailure: (error) => {
        failure = error;
      },
    });
    let opened: Awaited<ReturnType<typeof client.decrypt>>;
    try {
      const bytes = Buffer.from(sealed, "base64");
      if (bytes.toString("base64") !== sealed) throw new VaultError("not_authentic", "The sealed text is not base64.");
      opened = await client.decrypt(manager, bytes, { maxBodySize: longestSecret });
    } catch (error) {
      throw refuse("open", failure ?? error, keyId);
    }
    const { encryptionContext } = opened.messageHeader;
    for (const [name, value] of Object.entries(contextOf(binding))) {
      if (encryptionContext[name] !== value) {
        throw refuse(
          "open",
          new VaultError("not_authentic", `The sealed text belongs to another ${name}.`, keyId),
          keyId,
        );
      }
    }
    operations.inc({ operation: "open", outcome: "ok" });
    return opened.plaintext.toString("utf8");
  }

  return {
    seal,
    open,
    currentKey: () => dataKeys.currentKey(),
    async examine(keyId) {
      const current = await dataKeys.currentKey().catch(() => undefined);
      try {
        return { ...(await dataKeys.owner(keyId).examine(keyId)), current: keyId === current };
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        return { keyId, state: "lost", current: false, text: error.message };
      }
    },
  };
}

function contextOf({ accountId, provider, purpose }: Binding): Record<string, string> {
  return { application: "foyer", purpose, account: accountId, provider };
}
