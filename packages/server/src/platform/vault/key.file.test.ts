import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/engines.ts";
import { fileVault, testKeyFile } from "../../../test/support/vaults.ts";

const binding = { accountId: "a", provider: "twitch", purpose: "access_token" };

test("is made at first use, readable by its owner alone, and stays", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "vault.keys");
  const vault = fileVault(folder);
  expect(existsSync(path)).toBe(false);
  await vault.seal(binding, "secret");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const before = readFileSync(path, "utf8");
  await fileVault(folder).seal(binding, "secret");
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("is not made where that is not allowed, and says how to make one", () => {
  expect(() => testKeyFile(temporaryFolder(), false).ensure()).toThrow(/foyer vault create-key/);
});

test.each([0o644, 0o640, 0o660, 0o604])("mode %o is refused, by a server that runs already too", async (mode) => {
  const folder = temporaryFolder();
  const vault = fileVault(folder);
  const { text, keyId } = await vault.seal(binding, "secret");
  chmodSync(join(folder, "vault.keys"), mode);
  expect(() => testKeyFile(folder).read()).toThrow(/chmod 600/);
  await expect(fileVault(folder).open(binding, text)).rejects.toMatchObject({ failure: "key_unavailable" });
  expect(await fileVault(folder).examine(keyId)).toMatchObject({ state: "unavailable" });
  chmodSync(join(folder, "vault.keys"), 0o600);
  expect(await vault.open(binding, text)).toBe("secret");
});

test("a damaged file is refused and left as it is", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "vault.keys");
  for (const content of ["", "{", '{"version":1,"current":"k-0000000000000000","keys":[]}', '{"version":2}']) {
    writeFileSync(path, content, { mode: 0o600 });
    expect(() => testKeyFile(folder).ensure()).toThrow(/damaged/);
    expect(() => testKeyFile(folder).add()).toThrow(/damaged/);
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(existsSync(`${path}.new`)).toBe(false);
  }
});

test("a new key is used by a running vault at once; the old one still opens", async () => {
  const folder = temporaryFolder();
  const vault = fileVault(folder);
  const old = await vault.seal(binding, "old");
  const id = testKeyFile(folder).add();
  const fresh = await vault.seal(binding, "new");
  expect(fresh.keyId).toBe(`file:${id}`);
  expect(await vault.open(binding, old.text)).toBe("old");
  expect(await vault.open(binding, fresh.text)).toBe("new");
  expect(statSync(join(folder, "vault.keys")).mode & 0o777).toBe(0o600);
});

test("a key that is gone is named; it opens again when the file is put back", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "vault.keys");
  const vault = fileVault(folder);
  const old = await vault.seal(binding, "old");
  const kept = readFileSync(path);
  rmSync(path);
  const fresh = await vault.seal(binding, "new");
  await expect(vault.open(binding, old.text)).rejects.toMatchObject({ failure: "key_lost", keyId: old.keyId });
  expect(await vault.examine(old.keyId)).toMatchObject({ state: "lost", current: false });
  expect(await vault.open(binding, fresh.text)).toBe("new");
  writeFileSync(path, kept, { mode: 0o600 });
  expect(await vault.open(binding, old.text)).toBe("old");
});

test("of two that add a key at once, one is told; no key is lost", () => {
  const folder = temporaryFolder();
  const file = testKeyFile(folder);
  const first = file.add();
  writeFileSync(join(folder, "vault.keys.new"), "");
  expect(() => file.add()).toThrow(/Another key is being made/);
  rmSync(join(folder, "vault.keys.new"));
  const second = file.add();
  expect(file.read()).toMatchObject({ current: second, keys: [{ id: first }, { id: second }] });
});
