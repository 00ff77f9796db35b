import { startKms } from "@foyer/simulators/kms";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/engines.ts";
import { fileVault, kmsVault, testKeyFile } from "../../../test/support/vaults.ts";
import type { Binding, Vault } from "./vault.ts";

const kms = await startKms();
afterAll(() => kms.close());
beforeEach(() => {
  kms.clearFaults();
  kms.calls.reset();
});

const binding = (accountId: string, more: Partial<Binding> = {}): Binding => ({
  accountId,
  provider: "twitch",
  purpose: "access_token",
  ...more,
});

const kinds: [string, () => Vault][] = [
  ["a key file", () => fileVault(temporaryFolder())],
  ["AWS KMS", () => kmsVault(kms, kms.createKey().arn, temporaryFolder())],
];

describe.each(kinds)("a vault on %s", (_name, make) => {
  const vault = make();

  test("opens what it sealed, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 500 }),
        fc.string({ minLength: 1 }),
        async (secret, accountId) => {
          const { text } = await vault.seal(binding(accountId), secret);
          expect(await vault.open(binding(accountId), text)).toBe(secret);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("shows nothing of the secret, and never the same text twice", async () => {
    const [a, b] = await Promise.all([
      vault.seal(binding("a"), "marked-secret"),
      vault.seal(binding("a"), "marked-secret"),
    ]);
    expect(a.text).not.toBe(b.text);
    expect(Buffer.from(a.text, "base64").toString("latin1")).not.toContain("marked-secret");
  });

  test("does not open a copy under another account, provider or purpose", async () => {
    const { text } = await vault.seal(binding("a"), "secret");
    for (const other of [
      binding("b"),
      binding("a", { provider: "discord" }),
      binding("a", { purpose: "refresh_token" }),
    ]) {
      await expect(vault.open(other, text)).rejects.toMatchObject({ failure: "not_authentic" });
    }
    expect(await vault.open(binding("a"), text)).toBe("secret");
  });

  test("does not open a copy whose header was rewritten for another account", async () => {
    const { text } = await vault.seal(binding("account-a"), "secret");
    const bytes = Buffer.from(text, "base64");
    const at = bytes.indexOf("account-a");
    expect(at).toBeGreaterThan(0);
    bytes.write("account-b", at, "latin1");
    await expect(vault.open(binding("account-b"), bytes.toString("base64"))).rejects.toMatchObject({
      failure: "not_authentic",
    });
    // Both accounts' records hang on one data key: not even that lets one pass for the other.
    const { text: own } = await vault.seal(binding("account-b"), "own");
    expect(await vault.open(binding("account-b"), own)).toBe("own");
  });

  test("opens no text of which any part was changed", async () => {
    const { text } = await vault.seal(binding("a"), "secret");
    const bytes = Buffer.from(text, "base64");
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(vault.open(binding("a"), changed.toString("base64")), `byte ${at}`).rejects.toMatchObject({
        name: "VaultError",
      });
    }
    for (const cut of ["", "AAAA", text.slice(0, 100), text.slice(0, -8), `${text}\n`]) {
      await expect(vault.open(binding("a"), cut), `cut ${cut.length}`).rejects.toMatchObject({ name: "VaultError" });
    }
    // The SDK reads to the end of the message and no further: what is appended changes nothing.
    expect(await vault.open(binding("a"), Buffer.concat([bytes, bytes]).toString("base64"))).toBe("secret");
  });

  test("names the key, and finds it usable", async () => {
    const { keyId } = await vault.seal(binding("a"), "secret");
    expect(keyId).toBe(await vault.currentKey());
    expect(await vault.examine(keyId)).toMatchObject({ keyId, state: "usable", current: true });
  });
});

describe("messages without key commitment", () => {
  test("are not opened, though key and context are right", async () => {
    const { buildClient, CommitmentPolicy, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } = await import(
      "@aws-crypto/client-node"
    );
    const folder = temporaryFolder();
    const vault = fileVault(folder);
    await vault.currentKey();
    const key = testKeyFile(folder).read()?.keys[0];
    const keyring = new RawAesKeyringNode({
      keyName: key?.id ?? "",
      keyNamespace: "foyer-key-file",
      unencryptedMasterKey: new Uint8Array(Buffer.from(key?.key ?? "", "base64url")),
      wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    });
    const { encrypt } = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
    const encryptionContext = { application: "foyer", purpose: "access_token", account: "a", provider: "twitch" };
    const { result } = await encrypt(keyring, "secret", { encryptionContext });
    await expect(vault.open(binding("a"), result.toString("base64"))).rejects.toMatchObject({
      failure: "not_authentic",
    });
  });
});

describe("calls to KMS", () => {
  test("for 1,000 openings after a restart: as many as there are data keys", async () => {
    const { arn } = kms.createKey();
    const sealing = kmsVault(kms, arn, temporaryFolder());
    const sealed = await Promise.all(
      Array.from({ length: 1000 }, async (_, i) => (await sealing.seal(binding(`account-${i}`), `secret-${i}`)).text),
    );
    const made = kms.calls.of("GenerateDataKey");
    kms.calls.reset();
    const fresh = kmsVault(kms, arn, temporaryFolder());
    const opened = await Promise.all(sealed.map((text, i) => fresh.open(binding(`account-${i}`), text)));
    expect(opened[999]).toBe("secret-999");
    const first = kms.calls.of();
    for (const [i, text] of sealed.entries()) await fresh.open(binding(`account-${i}`), text);
    console.info(
      `KMS calls: ${made} for 1,000 seals, ${first} for 1,000 openings, ${kms.calls.of() - first} for 1,000 more`,
    );
    expect(made).toBeLessThanOrEqual(2);
    expect(first).toBe(1);
    expect(kms.calls.of()).toBe(1);
  });

  test("a data key seals a bounded number of secrets", async () => {
    const vault = kmsVault(kms, kms.createKey().arn, temporaryFolder(), { messages: 100 });
    for (let i = 0; i < 1000; i++) await vault.seal(binding(`account-${i}`), "secret");
    expect(kms.calls.of("GenerateDataKey")).toBe(10);
  });

  test("a data key seals a bounded number of bytes", async () => {
    const vault = kmsVault(kms, kms.createKey().arn, temporaryFolder(), { bytes: 1000 });
    for (let i = 0; i < 50; i++) await vault.seal(binding("a"), "x".repeat(100));
    expect(kms.calls.of("GenerateDataKey")).toBe(5);
  });

  test("data keys are forgotten after their time", async () => {
    const vault = kmsVault(kms, kms.createKey().arn, temporaryFolder(), { sealSeconds: 0.2, openSeconds: 0.2 });
    const { text } = await vault.seal(binding("a"), "secret");
    await vault.open(binding("a"), text);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await vault.open(binding("a"), text);
    await vault.seal(binding("a"), "secret");
    expect(kms.calls.all()).toEqual({ GenerateDataKey: 2, Decrypt: 2 });
  });

  test("a key that is named by its alias is looked up once", async () => {
    kms.createKey("alias/looked-up");
    const vault = kmsVault(kms, "alias/looked-up", temporaryFolder());
    const { text, keyId } = await vault.seal(binding("a"), "secret");
    expect(await vault.open(binding("a"), text)).toBe("secret");
    expect(keyId).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\//);
    expect(kms.calls.of("DescribeKey")).toBe(1);
  });
});

describe("faults of KMS", () => {
  async function sealed() {
    const { arn } = kms.createKey();
    const { text } = await kmsVault(kms, arn, temporaryFolder()).seal(binding("a"), "secret");
    return { arn, text, fresh: kmsVault(kms, arn, temporaryFolder()) };
  }

  test("a few refused calls are tried again", async () => {
    const { text, fresh } = await sealed();
    kms.fault({ kind: "throttled", times: 2 });
    expect(await fresh.open(binding("a"), text)).toBe("secret");
  });

  test.each(["throttled", "access_denied", "internal", "disconnect"])(
    "%s: unavailable, and well again afterwards",
    async (kind) => {
      const { text, fresh } = await sealed();
      kms.fault({ kind });
      await expect(fresh.open(binding("a"), text)).rejects.toMatchObject({ failure: "key_unavailable" });
      await expect(fresh.seal(binding("a"), "secret")).rejects.toMatchObject({ failure: "key_unavailable" });
      kms.clearFaults();
      expect(await fresh.open(binding("a"), text)).toBe("secret");
    },
  );

  test("many openings at once during a fault ask once, and all fail", async () => {
    const { text, fresh } = await sealed();
    kms.calls.reset();
    kms.fault({ kind: "access_denied" });
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => fresh.open(binding("a"), text)));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(kms.calls.of()).toBe(1);
  });

  test("a disabled key is unavailable; one that is deleted, or about to be, is lost", async () => {
    const { arn, text, fresh } = await sealed();
    for (const [state, failure, seen] of [
      ["Disabled", "key_unavailable", "unavailable"],
      ["PendingDeletion", "key_lost", "lost"],
    ] as const) {
      kms.setKeyState(arn, state);
      await expect(fresh.open(binding("a"), text)).rejects.toMatchObject({ failure, keyId: arn });
      expect(await fresh.examine(arn)).toMatchObject({ state: seen });
    }
    kms.setKeyState(arn, "Enabled");
    expect(await fresh.open(binding("a"), text)).toBe("secret");
    kms.removeKey(arn);
    const later = kmsVault(kms, arn, temporaryFolder());
    await expect(later.open(binding("a"), text)).rejects.toMatchObject({ failure: "key_lost" });
    expect(await later.examine(arn)).toMatchObject({ state: "lost" });
  });

  test("while KMS is away, what was opened a moment ago still opens", async () => {
    const { text, fresh } = await sealed();
    await fresh.open(binding("a"), text);
    kms.fault({ kind: "disconnect" });
    expect(await fresh.open(binding("a"), text)).toBe("secret");
  });

  test("a slow answer only takes time", async () => {
    const { text, fresh } = await sealed();
    kms.fault({ kind: "slow", ms: 300, times: 1 });
    expect(await fresh.open(binding("a"), text)).toBe("secret");
  });
});

describe("changing keys", () => {
  test("from the key file to KMS, and from one key of KMS to the next: the old still opens", async () => {
    const folder = temporaryFolder();
    const byFile = await fileVault(folder).seal(binding("a"), "by file");
    const first = kms.createKey();
    const byFirst = await kmsVault(kms, first.arn, folder).seal(binding("a"), "by first");
    const now = kmsVault(kms, kms.createKey().arn, folder);
    expect(await now.open(binding("a"), byFile.text)).toBe("by file");
    expect(await now.open(binding("a"), byFirst.text)).toBe("by first");
    expect(await now.examine(byFile.keyId)).toMatchObject({ state: "usable", current: false });
    expect((await now.seal(binding("a"), "new")).keyId).not.toBe(byFirst.keyId);
  });

  test("a key of somebody else's AWS account is not even asked", async () => {
    const { arn } = kms.createKey();
    const theirs = arn.replace("000000000000", "999999999999");
    const { text } = await kmsVault(kms, arn, temporaryFolder()).seal(binding("a"), "secret");
    const vault = kmsVault(kms, theirs, temporaryFolder());
    kms.calls.reset();
    await expect(vault.open(binding("a"), text)).rejects.toMatchObject({ failure: "key_lost", keyId: arn });
    expect(kms.calls.of()).toBe(0);
  });

  test("without KMS_KEY_ID, what hangs on KMS is lost and says which key it needs", async () => {
    const { arn } = kms.createKey();
    const { text } = await kmsVault(kms, arn, temporaryFolder()).seal(binding("a"), "secret");
    await expect(fileVault(temporaryFolder()).open(binding("a"), text)).rejects.toMatchObject({
      failure: "key_lost",
      keyId: arn,
    });
  });
});
