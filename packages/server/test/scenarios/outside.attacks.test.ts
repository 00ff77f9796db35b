import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type OutsideWorld, startOutside } from "../support/outside.ts";

const JSON_ONLY = { accept: "application/json" };

describe.each(["sqlite", "postgres"] as const)("attacks on signing in from outside, on %s", (engine) => {
  let world: OutsideWorld;
  let home: string;
  beforeAll(async () => {
    world = await startOutside({ engine });
    home = world.server.url;
    await world.register(world.browser(), "owner");
  });
  afterEach(() => {
    for (const each of [world.twitch, world.discord, world.oidc]) each.clearFaults();
  });
  afterAll(() => world.stop());

  const me = (token: string) => fetch(`${home}/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  /** The address that the provider sends this browser back to, not opened yet. */
  async function sentBack(browser: ReturnType<OutsideWorld["browser"]>, path: string, person: string) {
    const there = await browser.visit(`${home}${path}`, { sameSite: true });
    return new URL(await world.allow(browser, there.location, person));
  }

  test("a forged state, none, two, or the provider's wrong one: refused before the code is spent", async () => {
    const browser = world.browser();
    const good = await sentBack(browser, "/auth/twitch", "ada");
    const asked = world.twitch.calls.of("token");
    for (const change of [
      (url: URL) => url.searchParams.set("state", "x".repeat(32)),
      (url: URL) => url.searchParams.delete("state"),
      (url: URL) => url.searchParams.append("state", good.searchParams.get("state") ?? ""),
    ]) {
      const forged = new URL(good);
      change(forged);
      expect((await browser.visit(forged.href, JSON_ONLY)).json.code).toBe("sign_in.flow_invalid");
    }
    world.twitch.fault({ kind: "wrong_state", operation: "authorize", times: 1 });
    const second = world.browser();
    const other = await sentBack(second, "/auth/twitch", "ada");
    expect((await second.visit(other.href, JSON_ONLY)).json.code).toBe("sign_in.flow_invalid");
    expect(world.twitch.calls.of("token")).toBe(asked);
    // The forge works where nothing is forged.
    expect((await browser.visit(good.href, JSON_ONLY)).status).toBe(200);
  });

  test("an answer that was meant for another browser does nothing here (login CSRF)", async () => {
    const attacker = world.browser();
    const address = await sentBack(attacker, "/auth/twitch?return_to=/", "ada");
    const victim = world.browser();
    await sentBack(victim, "/auth/twitch?return_to=/", "bo_live");
    const answer = await victim.visit(address.href);
    expect(answer.status).toBe(400);
    expect(answer.headers.getSetCookie().join()).not.toContain("foyer=");
    expect(victim.cookies().has("foyer")).toBe(false);
  });

  test("a replayed answer: once, also when both come at the same time", async () => {
    const browser = world.browser();
    const address = await sentBack(browser, "/auth/discord", "ada.d");
    const jar = [...browser.cookies()];
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => {
        const copy = world.browser();
        for (const [name, { value }] of jar) copy.plant(name, value);
        return copy.visit(address.href, JSON_ONLY);
      }),
    );
    expect(answers.map(({ status }) => String(status)).sort()).toEqual(["200", "400", "400", "400"]);
    expect(world.discord.calls.of("token")).toBe(1);
  });

  test("mixed-up providers: an answer counts for the provider that was asked, and for its issuer", async () => {
    const browser = world.browser();
    const address = await sentBack(browser, "/auth/twitch", "ada");
    const asked = world.discord.calls.of("token");
    const elsewhere = new URL(`${home}/api/auth/discord/callback`);
    elsewhere.search = address.search;
    expect((await browser.visit(elsewhere.href, JSON_ONLY)).json.code).toBe("sign_in.flow_invalid");
    expect(world.discord.calls.of("token")).toBe(asked);

    world.oidc.fault({ kind: "wrong_iss", operation: "authorize", times: 1 });
    const before = world.oidc.calls.of("token");
    const mixed = await sentBack(browser, "/auth/oidc", "mallory");
    expect((await browser.visit(mixed.href, JSON_ONLY)).json.code).toBe("sign_in.refused");
    const silent = await sentBack(browser, "/auth/oidc", "mallory");
    silent.searchParams.delete("iss");
    expect((await browser.visit(silent.href, JSON_ONLY)).json.code).toBe("sign_in.refused");
    expect(world.oidc.calls.of("token")).toBe(before);
  });

  test("an open redirect: every way out of this server leads to the token page instead", async () => {
    const ways = [
      "https://evil.example/",
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/%09/evil.example",
      "/\t/evil.example",
      "/.//evil.example",
      "javascript:alert(1)",
      "evil",
      "",
    ];
    for (const way of ways) {
      const answer = await world.signIn(world.browser(), `/auth/discord?return_to=${encodeURIComponent(way)}`, "ada.d");
      const target = answer.location === undefined ? home : new URL(answer.location, home).origin;
      expect([way, target]).toEqual([way, home]);
      if (way !== "/%09/evil.example") expect([way, answer.status]).toEqual([way, 200]);
    }
    const browser = world.browser();
    await world.signIn(browser, "/auth/discord?return_to=/", "ada.d");
    for (const returnTo of ways) {
      const { json } = await browser.send("POST", `${home}/api/auth/links/oidc`, { returnTo });
      if (returnTo !== "/%09/evil.example" && returnTo !== "/.//evil.example")
        expect([returnTo, json.code]).toEqual([returnTo, "request.invalid"]);
    }
  });

  test("session fixation: the session from before ends, and a planted one becomes nobody's", async () => {
    const attacker = world.browser();
    const { token } = await world.register(attacker, `fixer-${engine}`);
    const victim = world.browser();
    victim.plant("foyer", token);
    await world.signIn(victim, "/auth/discord?return_to=/", "ada.d");
    expect(victim.cookies().get("foyer")?.value).not.toBe(token);
    expect((await me(token)).status).toBe(401);
    const session = await victim.visit(`${home}/api/auth/session`, { sameSite: true });
    expect(session.json.account.handle).toBe("ada.d");
  });

  test("a stolen cookie from another origin: no link, no unlink, no level", async () => {
    const browser = world.browser();
    await world.signIn(browser, "/auth/twitch?return_to=/", "ada");
    const evil = { origin: "https://evil.example" };
    for (const [method, path, body] of [
      ["POST", "/api/auth/links/discord", {}],
      ["DELETE", "/api/auth/links/twitch", undefined],
      ["PUT", "/api/auth/links/twitch/permission-level", { permissionLevel: "admin" }],
    ] as const) {
      const answer = await browser.send(method, `${home}${path}`, body, evil);
      expect([path, answer.json.code]).toEqual([path, "request.foreign_origin"]);
    }
    // What every page can do is to send a visitor to the provider; there nobody is asked in vain, and nothing links.
    const visitor = await browser.visit(`${home}/auth/discord`);
    expect(new URL(visitor.location ?? "").searchParams.get("scope")).toBe("identify guilds");
    expect([...browser.cookies().keys()].filter((name) => name === "foyer")).toHaveLength(1);
  });

  test("ID tokens: no other algorithm, key, issuer, audience, nonce or time is taken", async () => {
    const kinds = [
      ...["alg_none", "alg_hs256", "unknown_key", "foreign_key"],
      ...["wrong_iss", "wrong_audience", "wrong_nonce", "no_nonce", "expired", "no_id_token"],
    ];
    for (const kind of kinds) {
      world.oidc.fault({ kind, operation: "token", times: 1 });
      const answer = await world.signIn(world.browser(), "/auth/oidc", "mallory", JSON_ONLY);
      expect([kind, answer.json.code]).toEqual([kind, "sign_in.refused"]);
    }
    const good = await world.signIn(world.browser(), "/auth/oidc", "mallory", JSON_ONLY);
    expect(good.status).toBe(200);
    // The provider changes its keys: the next sign-in goes on without anybody's help.
    world.oidc.keys.rotate();
    expect((await world.signIn(world.browser(), "/auth/oidc", "mallory", JSON_ONLY)).status).toBe(200);
  });

  test("another issuer's word, a session token's twin: a bearer is what it must be, or nothing", async () => {
    const ada = world.oidc.people[0];
    if (ada === undefined) throw new Error("nobody is there");
    const idToken = await world.oidc.keys.sign(world.oidc.claims(ada));
    expect((await me(idToken)).status).toBe(401);
    const { token } = (await world.signIn(world.browser(), "/auth/twitch", "ada", JSON_ONLY)).json;
    expect((await me(token)).status).toBe(200);
    const [head, body] = token.split(".");
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    for (const forged of [`${none}.${body}.`, `${head}.${body}.`, `${head}.${body}`]) {
      expect((await me(forged)).status).toBe(401);
    }
  });

  test("account takeover by e-mail: an address makes nobody the owner of an account, verified or not", async () => {
    const victim = await world.register(world.browser(), `victim-${engine}`, { email: "victim@people.example" });
    // Mallory says that the address is hers; her provider does not say so.
    const unverified = await world.signIn(world.browser(), "/auth/oidc", "mallory", JSON_ONLY);
    expect(unverified.json.account.accountId).not.toBe(victim.accountId);
    expect(unverified.json.account.email).toBeUndefined();
    // Ada's provider has verified hers: the account is still not handed over, and she is told what to do.
    const holder = world.browser();
    const ada = await world.register(holder, `ada-${engine}`, { email: "bo@people.example" });
    const verified = await world.signIn(world.browser(), "/auth/twitch", "bo_live");
    expect(verified.status).toBe(409);
    expect(verified.text).toContain("/auth/twitch?separate=true");
    const links = await holder.visit(`${home}/api/auth/links`, { sameSite: true });
    expect(links.json.items).toEqual([]);
    // From inside it works: whoever is signed in there has shown that the account is theirs.
    const started = await holder.send("POST", `${home}/api/auth/links/twitch`, {});
    await holder.visit(await world.allow(holder, started.json.url, "bo_live"));
    const now = await world.signIn(world.browser(), "/auth/twitch", "bo_live", JSON_ONLY);
    expect(now.json.account.accountId).toBe(ada.accountId);
  });

  test("account takeover by linking: an outside account has one owner, and a link is for the session that began it", async () => {
    const owner = world.browser();
    await world.signIn(owner, "/auth/discord?return_to=/", "mallory");
    const thief = world.browser();
    await world.register(thief, `thief-${engine}`);
    const taken = await thief.send("POST", `${home}/api/auth/links/discord`, {});
    const answer = await thief.visit(await world.allow(thief, taken.json.url, "mallory"));
    expect([answer.status, answer.text.includes("belongs to another account here")]).toEqual([409, true]);

    // Signed out meanwhile: the flow of the old session links nothing.
    const started = await thief.send("POST", `${home}/api/auth/links/twitch`, {});
    const back = await world.allow(thief, started.json.url, "nomail");
    await thief.send("POST", `${home}/api/auth/logout`);
    expect((await thief.visit(back, JSON_ONLY)).json.code).toBe("sign_in.flow_invalid");
    const fresh = await world.signIn(world.browser(), "/auth/twitch", "nomail", JSON_ONLY);
    expect(fresh.json.account.handle).toBe("nomail");
  });

  test("enumeration: the callback and the start tell nothing about who has an account", async () => {
    const answers = await Promise.all(
      ["/auth/callback?code=x&state=y", "/auth/callback?error=access_denied&state=y", "/auth/callback"].map((path) =>
        world.browser().visit(`${home}${path}`, JSON_ONLY),
      ),
    );
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1);
    expect(answers[0]?.json.code).toBe("sign_in.flow_invalid");
  });

  test("the person says no, and providers that fail: words for people, codes for programs, nothing changed", async () => {
    const declined = await world.signIn(world.browser(), "/auth/discord", "declines");
    expect([declined.status, declined.text.includes("Nothing was changed")]).toEqual([403, true]);
    for (const [fault, code] of [
      [{ kind: "error", operation: "token", times: 1 }, "provider.unavailable"],
      [{ kind: "disconnect", operation: "token", times: 1 }, "provider.unavailable"],
      [{ kind: "revoked", operation: "token", times: 1 }, "sign_in.refused"],
      [{ kind: "revoked", operation: "validate", times: 1 }, "sign_in.refused"],
      [{ kind: "error", operation: "users", times: 1 }, "provider.unavailable"],
      [{ kind: "somebody_else", operation: "users", times: 1 }, "sign_in.refused"],
    ] as const) {
      world.twitch.fault(fault);
      const answer = await world.signIn(world.browser(), "/auth/twitch", "ada", JSON_ONLY);
      expect([fault, answer.json.code]).toEqual([fault, code]);
    }
    world.oidc.fault({ kind: "error", operation: "token", times: 1 });
    expect((await world.signIn(world.browser(), "/auth/oidc", "mallory", JSON_ONLY)).json.code).toBe(
      "provider.unavailable",
    );
    world.discord.fault({ kind: "limited", operation: "me", times: 1 });
    expect((await world.signIn(world.browser(), "/auth/discord", "ada.d", JSON_ONLY)).json.code).toBe(
      "provider.unavailable",
    );
  });

  test("a code that somebody intercepted is worth nothing without the verifier", async () => {
    const browser = world.browser();
    const address = await sentBack(browser, "/auth/twitch", "ada");
    const answer = await fetch(`${world.twitch.url}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        client_id: world.twitch.app.clientId,
        client_secret: world.twitch.app.clientSecret,
        grant_type: "authorization_code",
        code: address.searchParams.get("code") ?? "",
        redirect_uri: `${home}/auth/callback`,
      }),
    });
    expect(answer.status).toBe(400);
  });

  test("a suspended account does not come in by the side door", async () => {
    const mallory = await world.signIn(world.browser(), "/auth/discord", "mallory", JSON_ONLY);
    const admin = world.browser();
    const owner = await admin.send("POST", `${home}/api/auth/login`, {
      login: "owner",
      password: "correct horse battery",
    });
    const path = `${home}/api/admin/accounts/${mallory.json.account.accountId}`;
    const headers = { authorization: `Bearer ${owner.json.token}`, "content-type": "application/json" };
    await fetch(path, { method: "PATCH", headers, body: JSON.stringify({ suspended: true }) });
    expect((await me(mallory.json.token)).status).toBe(403);
    const again = await world.signIn(world.browser(), "/auth/discord", "mallory", JSON_ONLY);
    expect([again.status, again.json.code]).toEqual([403, "account.suspended"]);
  });
});

test("closed registration: nobody new by a provider either, but who is known and who is invited", async () => {
  const world = await startOutside({ env: { REGISTRATION: "closed", LIMIT_SIGN_INS_PER_MINUTE: "3" } });
  try {
    const first = await world.signIn(world.browser(), "/auth/twitch", "ada", JSON_ONLY);
    expect(first.json.account.role).toBe("owner");
    expect((await world.signIn(world.browser(), "/auth/twitch", "bo_live", JSON_ONLY)).json.code).toBe(
      "auth.registration_closed",
    );
    expect((await world.signIn(world.browser(), "/auth/twitch", "ada", JSON_ONLY)).status).toBe(200);
    // The fourth start from one address within a minute waits.
    const limited = await world.browser().visit(`${world.server.url}/auth/twitch`);
    expect([limited.status, Number(limited.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect(limited.text).toContain("Please wait a moment");
  } finally {
    await world.stop();
  }
});

test("behind https the flow's cookie is of this host alone", async () => {
  const world = await startOutside({ env: { PUBLIC_URL: "https://foyer.example" } });
  try {
    const started = await fetch(`http://127.0.0.1:${world.server.port}/auth/discord`, { redirect: "manual" });
    expect(started.headers.get("set-cookie")).toMatch(
      /^__Host-foyer-flow-\d=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    );
    expect(new URL(started.headers.get("location") ?? "").searchParams.get("redirect_uri")).toBe(
      "https://foyer.example/api/auth/discord/callback",
    );
  } finally {
    await world.stop();
  }
});
