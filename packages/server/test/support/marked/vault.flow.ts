import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "../engines.ts";
import type { MarkedWorld } from "./marked.world.ts";

/** Ada takes the vault out by her page and by a command, and brings it in again; first in ways that are refused. */
export async function carryVault({ asker, search, person, run, files, noteToken }: MarkedWorld) {
  const { token } = await asker.good("login", { body: { login: "ada", password: person("ada").password } });
  noteToken("session that exports the vault", token);
  const passphrase = search.make("passphrase of the vault");
  const asked = (as: string, text = passphrase) => ({ as, body: { passphrase: text } });
  expect(await asker.refusal("exportVault", asked(person("bo").token))).toBe("auth.forbidden");
  expect(await asker.refusal("exportVault", asked(token, "aaaaaaaaaaaaaaaa"))).toBe("account.password_common");
  expect(await asker.refusal("exportVault", asked(token, `${search.make("too long")}${"x".repeat(256)}`))).toBe(
    "request.invalid",
  );
  const { status, text } = await asker.call("exportVault", asked(token));
  expect([status, text.length > 1000]).toEqual([200, true]);
  files["export of the vault by its owner"] = Buffer.from(text);

  const file = join(temporaryFolder(), "all.vault");
  const byCommand = search.make("passphrase by command");
  expect(await run(["vault", "export", file], `${byCommand}\n`)).toMatch(/^Wrote .*: [1-9]\d* identity links/);
  files["export of the vault by command"] = readFileSync(file);
  expect(await run(["vault", "import", file], `${search.make("wrong passphrase")}\n`)).toMatch(/^foyer: /);
  expect(await run(["vault", "import", file], `${byCommand}\n`)).toContain("here already");
}
