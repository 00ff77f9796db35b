import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { FileKeys } from "../../../src/platform/vault/key.file.ts";
import type { MarkedWorld } from "./marked.world.ts";

/** Looks after the server by its commands: the doctor, accounts, a new key for the vault and the way to it. */
export async function operate({ run, password, server, search }: MarkedWorld) {
  const notedKeys = () => {
    const { keys } = JSON.parse(readFileSync(join(server.dataDir, "vault.keys"), "utf8")) as FileKeys;
    for (const { id, key } of keys) {
      search.note(`vault key ${id}`, key);
      search.note(`vault key ${id}, bytes`, Buffer.from(key, "base64url"));
    }
    return keys.length;
  };
  expect(notedKeys()).toBe(1);
  expect(await run(["vault", "create-key"])).toContain("Made the key");
  expect(notedKeys()).toBe(2);
  const [doctor, status, made] = await Promise.all([
    run(["doctor"]),
    run(["vault", "status"]),
    run(["account", "create", "carol"], `${password("carol, by command")}\n`),
  ]);
  expect(doctor).toMatch(/hint +vault +file:\S+ \(\d+ secrets\) is an old key/);
  expect(status).toContain("current");
  expect(made).toContain("carol");
  const [twice, moved] = await Promise.all([
    run(["account", "create", "carol"], `${password("carol, twice")}\n`),
    run(["vault", "rewrap"]),
  ]);
  expect(twice).toContain("taken");
  expect(moved).toMatch(/^[1-9]\d* rewrapped/);
}
