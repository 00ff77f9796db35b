import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startKms } from "@foyer/simulators/kms";
import { startTwitch } from "@foyer/simulators/twitch";
import { afterEach, expect, test, vi } from "vitest";
import type { ExportedLink } from "../../src/modules/identity/vault-export/export.format.ts";
import { openExport } from "../../src/modules/identity/vault-export/export.reader.ts";
import { createLogger } from "../../src/platform/logs/logger.ts";
import { HTML } from "../support/browser.ts";
import { eachEngine, temporaryFolder } from "../support/engines.ts";
import { type OutsideWorld, PASSWORD, startOutside } from "../support/outside.ts";
import { callEndpoint } from "../support/people.ts";
import { forms } from "../support/secret.search.ts";

const passphrase = "nine lamps over the stairs";
const mark = "markedtokenmarkedtoken";

let world: OutsideWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

/** A clock that goes on by itself and can be moved on. */
function movingClock() {
  let ahead = 0;
  return { now: () => Date.now() + ahead, advance: (milliseconds: number) => void (ahead += milliseconds) };
}

/** A server whose owner is ada, and on which bo and cy have linked accounts. */
async function start(engine: "sqlite" | "postgres", env: Record<string, string> = {}) {
  const clock = movingClock();
  const lines: string[] = [];
  const log = createLogger({ level: "trace", key: "key", destination: { write: (line) => void lines.push(line) } });
  const twitch = await startTwitch({ rules: { tokenPrefix: mark } });
  const started = await startOutside({ engine, twitch, clock, log, env });
  world = started;
  const { url, dataDir } = started.server;
  const ada = await started.register(started.browser(), "ada");
  const bo = await started.signIn(started.browser(), "/auth/twitch?permission_level=chatbot", "bo_live", JSON_ONLY);
  const cy = await started.signIn(started.browser(), "/auth/oidc", "mallory", JSON_ONLY);

  const take = (token: string | undefined, body: unknown = { passphrase }) =>
    fetch(`${url}/api/admin/vault/export`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
  /** What an attempt that is refused is answered. */
  async function refused(token: string | undefined, body?: unknown) {
    const response = await take(token, body);
    const text = await response.text();
    expect(text).not.toContain("eyJ");
    return JSON.parse(text) as { code: string; methods?: string[]; errors?: { path: string; message: string }[] };
  }
  const prove = async (token: string) =>
    ((await callEndpoint(url, "stepUp", { token, body: { password: PASSWORD } })).body as { token: string }).token;
  async function audited(token: string, action: string) {
    const { body } = await callEndpoint(url, "listAudit", { token, query: `?action=${action}` });
    return (body as { items: { actor: { handle: string } | null; details: object }[] }).items;
  }
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  return {
    ...{ world: started, clock, lines, url, dataDir, ada: ada.token, adaId: ada.accountId },
    ...{ bo: bo.json.account.accountId, cy: cy.json.account.accountId },
    ...{ take, refused, prove, audited, metrics },
  };
}

const JSON_ONLY = { accept: "application/json" };

async function contentOf(text: string, words = passphrase) {
  async function* whole() {
    yield text;
  }
  const file = await openExport(whole, words);
  const records: ExportedLink[] = [];
  for await (const record of file.records()) records.push(record);
  return { ...file, records };
}

eachEngine((engine) => {
  test("an owner takes all credentials along, sealed, and it is written down who did", async () => {
    const { take, ada, bo, cy, audited, metrics, lines, world: there } = await start(engine);
    const response = await take(ada);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/vnd.foyer.vault; charset=utf-8",
      "cache-control": "no-store",
    });
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="foyer-\d{4}-\d\d-\d\d\.vault"$/,
    );
    const { counts, records } = await contentOf(text);
    expect(counts).toEqual({ links: 2, credentials: 1, unopened: 0 });
    expect(records.find(({ accountId }) => accountId === bo)).toMatchObject({
      ...{ handle: "bo_live", provider: "twitch", permissionLevel: "chatbot", status: "active" },
      tokens: { accessToken: expect.stringMatching(mark), refreshToken: expect.stringMatching(mark) },
    });
    expect(records.find(({ accountId }) => accountId === cy)).toMatchObject({
      ...{ provider: "oidc", permissionLevel: null, tokens: null },
    });
    const token = records.find(({ accountId }) => accountId === bo)?.tokens?.accessToken ?? "";
    expect(there.twitch.grants.validate(token)?.grant.user.login).toBe("bo_live");
    await expect(contentOf(text, `${passphrase}.`)).rejects.toThrow("not the passphrase");

    expect(await audited(ada, "vault.exported")).toMatchObject([
      { actor: { handle: "ada" }, details: { links: 2, by: "owner" } },
    ]);
    expect(await metrics()).toContain('foyer_security_events_total{event="vault.exported",severity="WARNING"} 1');
    expect(lines.filter((line) => line.includes('"vault.exported"')).length).toBeGreaterThan(0);
  });

  test("neither a token nor the passphrase is in the file, the data, the log, the metrics, the audit or an answer", async () => {
    const folder = temporaryFolder();
    const inFile = { DATABASE_URL: `file:${join(folder, "foyer.db")}` };
    const { take, ada, metrics, lines, dataDir, audited, refused, url } = await start(
      engine,
      engine === "sqlite" ? inFile : {},
    );
    const text = await (await take(ada)).text();
    await refused(ada, { passphrase: `${passphrase} with ${"x".repeat(300)}` });
    await refused(undefined);
    const { records } = await contentOf(text);
    const tokens = records.flatMap(({ tokens: held }) => (held === null ? [] : [held.accessToken, held.refreshToken]));
    expect(tokens).toHaveLength(2);
    const files = [folder, dataDir]
      .flatMap((each) => readdirSync(each, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile());
    const places: Record<string, string | Buffer> = {
      ...Object.fromEntries(files.map((file) => [file.name, readFileSync(join(file.parentPath, file.name))])),
      file: text,
      log: lines.join(""),
      metrics: await metrics(),
      audit: JSON.stringify([await audited(ada, "vault.exported"), await audited(ada, "link.added")]),
      account: await (
        await fetch(`${url}/api/auth/export`, { headers: { authorization: `Bearer ${ada}`, accept: HTML } })
      ).text(),
    };
    const secrets = [passphrase, mark, ...tokens.map((token) => token ?? "")];
    const found = Object.entries(places).flatMap(([place, content]) =>
      secrets.flatMap((secret) =>
        forms(secret).flatMap(([form, look]) => (Buffer.from(content).includes(look) ? [`${place}: ${form}`] : [])),
      ),
    );
    expect(found).toEqual([]);
    // The search finds what is there.
    expect(forms(mark).some(([, look]) => Buffer.from(JSON.stringify(records)).includes(look))).toBe(true);
  });

  test("nobody else gets it: no stranger, member, admin, program, other site, and no owner without a fresh proof", async () => {
    const { refused, take, ada, prove, audited, clock, url, world: there, adaId } = await start(engine);
    expect(await refused(undefined)).toMatchObject({ code: "auth.required" });
    const eve = await there.register(there.browser(), "eve");
    expect(await refused(eve.token)).toMatchObject({ code: "auth.forbidden" });
    const promote = (role: string) =>
      callEndpoint(url, "updateAccount", { token: ada, path: [eve.accountId], body: { role } });
    await promote("admin");
    const admin = await prove(eve.token);
    expect(await refused(admin)).toMatchObject({ code: "auth.forbidden" });

    // A program of the owner, with every scope that there is.
    const made = await callEndpoint(url, "createToken", {
      token: ada,
      body: { name: "everything", scopes: ["read", "write", "moderate", "admin"] },
    });
    expect(await refused((made.body as { secret: string }).secret)).toMatchObject({ code: "auth.scope_missing" });
    // A page of elsewhere in the browser of the owner, who has shown just now who they are.
    const browser = there.browser();
    await browser.send("POST", `${url}/api/auth/login`, { login: "ada", password: PASSWORD });
    const foreign = await browser.send(
      "POST",
      `${url}/api/admin/vault/export`,
      { passphrase },
      { origin: "https://evil.example" },
    );
    expect([foreign.status, foreign.json.code]).toEqual([403, "request.foreign_origin"]);
    // By an address that a link or an image leads to: there is none.
    const typed = await browser.visit(`${url}/api/admin/vault/export`, { sameSite: true });
    expect(typed.json.code).toBe("request.method_not_allowed");

    clock.advance(600_001);
    expect(await refused(ada)).toMatchObject({ code: "auth.step_up_required", methods: ["password"] });
    expect(await audited(ada, "vault.exported")).toEqual([]);
    const proven = await prove(ada);
    // The session from before the proof is over: who had stolen it has nothing.
    expect(await refused(ada)).toMatchObject({ code: "auth.token_invalid" });
    expect((await take(proven)).status).toBe(200);
    expect(await audited(proven, "vault.exported")).toHaveLength(1);

    // An owner who has just been made one shows first who they are; one who is none any more is refused.
    const again = await callEndpoint(url, "updateAccount", {
      token: proven,
      path: [eve.accountId],
      body: { role: "owner" },
    });
    expect(again.status).toBe(200);
    expect(await refused(admin)).toMatchObject({ code: "auth.step_up_required" });
    const owner = await prove(admin);
    expect((await take(owner)).status).toBe(200);
    await callEndpoint(url, "updateAccount", { token: proven, path: [adaId], body: { role: "admin" } });
    expect(await refused(proven)).toMatchObject({ code: "auth.forbidden" });
  });

  test("a passphrase that is short or guessed among the first does not do, and costs no turn; four turns an hour are too many", async () => {
    const { refused, take, ada, audited, clock, prove } = await start(engine);
    for (const body of [{}, { passphrase: "thirteen char" }, { passphrase: 7 }, { passphrase: "x".repeat(257) }]) {
      expect(await refused(ada, body)).toMatchObject({ code: "request.invalid" });
    }
    expect((await refused(ada, { passphrase: "thirteen char" })).errors).toEqual([
      { path: "passphrase", message: "must have at least 14 characters" },
    ]);
    for (const common of ["aaaaaaaaaaaaaaaa", "password123456", "qwertyuiop1234567890", "foyer foyer foyer"]) {
      expect([common, await refused(ada, { passphrase: common })]).toMatchObject([
        common,
        { code: "account.password_common", errors: [{ path: "passphrase" }] },
      ]);
    }
    for (let turn = 0; turn < 3; turn++) expect((await take(ada)).status).toBe(200);
    const limited = await take(ada);
    expect([limited.status, await limited.json()]).toMatchObject([429, { code: "rate.limited" }]);
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(await audited(ada, "vault.exported")).toHaveLength(3);
    clock.advance(1_200_000);
    const proven = await prove(ada);
    expect((await take(proven)).status).toBe(200);
    expect(await refused(proven)).toMatchObject({ code: "rate.limited" });
  });

  test("a key that cannot be used now stops it before it begins, and nothing is written down", async () => {
    const kms = await startKms();
    try {
      const { arn } = kms.createKey();
      // Where the SDK of AWS looks for them.
      vi.stubEnv("AWS_ACCESS_KEY_ID", kms.credentials.accessKeyId);
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", kms.credentials.secretAccessKey);
      const { take, refused, ada, audited } = await start(engine, {
        KMS_KEY_ID: arn,
        KMS_ENDPOINT: kms.url,
      });
      kms.setKeyState(arn, "Disabled");
      expect(await refused(ada)).toMatchObject({ code: "vault.unavailable" });
      expect(await audited(ada, "vault.exported")).toEqual([]);
      kms.setKeyState(arn, "Enabled");
      expect((await contentOf(await (await take(ada)).text())).counts).toMatchObject({ credentials: 1, unopened: 0 });
    } finally {
      vi.unstubAllEnvs();
      await kms.close();
    }
  });
});
