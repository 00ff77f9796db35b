import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";
import { KmsError } from "./kms.errors.ts";

export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";
export type EncryptionContext = Record<string, string>;

/** A key as the simulator keeps it. Its material never leaves. */
export interface KmsKey {
  keyId: string;
  arn: string;
  state: KeyState;
  createdAt: number;
}

/** Symmetric keys that really encrypt: AES-256-GCM, with the encryption context as what is authenticated. */
export interface KmsKeys {
  create(alias?: string): KmsKey;
  /** By id, ARN, alias or ARN of an alias. Throws NotFoundException. */
  find(name: string): KmsKey;
  setState(name: string, state: KeyState): void;
  /** Takes the key away for ever, as KMS does at the end of the waiting time. */
  remove(name: string): void;
  /** Throws DisabledException or KMSInvalidStateException. */
  encrypt(key: KmsKey, plaintext: Uint8Array, context: EncryptionContext): Buffer;
  /** Says which key it was. Throws InvalidCiphertextException, and what a key that cannot be used throws. */
  decrypt(blob: Uint8Array, context: EncryptionContext): { key: KmsKey; plaintext: Buffer };
}

const version = 1;
const ivBytes = 12;
const tagBytes = 16;
const idBytes = 36;

/** No keys. `region` and `account` stand in the ARNs. */
export function createKmsKeys({ region, account }: { region: string; account: string }): KmsKeys {
  const keys = new Map<string, { key: KmsKey; material: Buffer }>();
  const aliases = new Map<string, string>();
  const arnOf = (resource: string) => `arn:aws:kms:${region}:${account}:${resource}`;

  function entry(name: string) {
    const local = name.startsWith(arnOf("")) ? name.slice(arnOf("").length) : name;
    const keyId = aliases.get(local) ?? local.replace(/^key\//, "");
    const found = keys.get(keyId);
    if (found === undefined) throw new KmsError("NotFoundException", `Key '${arnOf(`key/${keyId}`)}' does not exist`);
    return found;
  }

  function usable(name: string) {
    const found = entry(name);
    const { arn, state } = found.key;
    if (state === "Disabled") throw new KmsError("DisabledException", `${arn} is disabled.`);
    if (state === "PendingDeletion") throw new KmsError("KMSInvalidStateException", `${arn} is pending deletion.`);
    return found;
  }

  return {
    create(alias) {
      const keyId = randomUUID();
      const key: KmsKey = { keyId, arn: arnOf(`key/${keyId}`), state: "Enabled", createdAt: Date.now() / 1000 };
      keys.set(keyId, { key, material: randomBytes(32) });
      if (alias !== undefined) aliases.set(alias, keyId);
      return key;
    },
    find: (name) => entry(name).key,
    setState(name, state) {
      entry(name).key.state = state;
    },
    remove(name) {
      keys.delete(entry(name).key.keyId);
    },
    encrypt(key, plaintext, context) {
      const { material } = usable(key.keyId);
      const iv = randomBytes(ivBytes);
      const head = Buffer.concat([Buffer.from([version]), Buffer.from(key.keyId, "ascii"), iv]);
      const cipher = createCipheriv("aes-256-gcm", material, iv).setAAD(canonical(context));
      return Buffer.concat([head, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt(blob, context) {
      const bytes = Buffer.from(blob);
      const headBytes = 1 + idBytes + ivBytes;
      if (bytes.length < headBytes + tagBytes || bytes[0] !== version) throw invalid();
      const { key, material } = usable(bytes.toString("ascii", 1, 1 + idBytes));
      const decipher = createDecipheriv("aes-256-gcm", material, bytes.subarray(1 + idBytes, headBytes))
        .setAAD(canonical(context))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        const plaintext = Buffer.concat([decipher.update(bytes.subarray(headBytes, -tagBytes)), decipher.final()]);
        return { key, plaintext };
      } catch {
        throw invalid();
      }
    },
  };
}

function invalid(): KmsError {
  return new KmsError("InvalidCiphertextException", "");
}

/** The same context is the same bytes, in whatever order its pairs come. */
function canonical(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs), "utf8");
}
