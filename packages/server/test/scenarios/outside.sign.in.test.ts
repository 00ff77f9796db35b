import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { levelScopes } from "../../src/providers/twitch/twitch.scopes.ts";
import { type OutsideWorld, PASSWORD, startOutside } from "../support/outside.ts";
import { startTestServer } from "../support/test.server.ts";

const JSON_ONLY = { accept: "application/json" };

describe.each(["sqlite", "postgres"] as const)("signing in from outside, on %s", (engine) => {
  let world: OutsideWorld;
  let home: string;
  beforeAll(async () => {
    world = await startOutside({ engine });
    home = world.server.url;
  });
  afterAll(() => world.stop());

  const me = (token: string) => fetch(`${home}/auth/me`, { headers: { authorization: `Bearer ${token}` } });

  test("the seed's own way: level, scopes, code, token, who am I", async () => {
    const status = await world.browser().visit(`${home}/auth/status`);
    expect(status.json).toMatchObject({
      configured: true,
      permissionLevels: ["viewer", "chatbot", "moderator", "admin"],
    });
    const twitch = status.json.providers.find(({ provider }) => provider === "twitch");
    expect(twitch).toMatchObject({ configured: true, redirectUri: `${home}/auth/callback`, signInUrl: "/auth/twitch" });

    const browser = world.browser();
    const there = await browser.visit(`${home}/auth/twitch?permission_level=chatbot`);
    expect(there.status).toBe(302);
    const asked = new URL(there.location ?? "");
    expect(`${asked.origin}${asked.pathname}`).toBe(`${world.twitch.url}/oauth2/authorize`);
    expect(asked.searchParams.get("scope")?.split(" ").sort()).toEqual([...levelScopes.chatbot].sort());
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: "code",
      client_id: world.twitch.app.clientId,
      redirect_uri: `${home}/auth/callback`,
      code_challenge_method: "S256",
      force_verify: "true",
    });

    const back = await browser.visit(await world.allow(browser, there.location, "ada"), JSON_ONLY);
    expect(back.status).toBe(200);
    expect(back.headers.get("cache-control")).toBe("no-store");
    expect(back.json).toMatchObject({
      tokenType: "Bearer",
      provider: "twitch",
      permissionLevel: "chatbot",
      account: { handle: "ada", displayName: "Ada", role: "owner", email: "ada@people.example" },
    });
    expect(Math.abs(Date.parse(back.json.expiresAt) - Date.now() - 1_800_000)).toBeLessThan(5000);
    // A program gets a token, not a browser's session.
    expect([...browser.cookies().keys()]).toEqual([]);

    const answer = await me(back.json.token);
    expect(await answer.json()).toMatchObject({
      account: { handle: "ada" },
      permissionLevel: "chatbot",
      links: [{ provider: "twitch", name: "Ada", status: "active", permissionLevel: "chatbot" }],
    });
    expect((await me("nonsense")).status).toBe(401);
    expect((await fetch(`${home}/auth/me`)).status).toBe(401);
  });

  test("a person sees the token once, under the strict policy, and is signed in", async () => {
    const browser = world.browser();
    const there = await browser.visit(`${home}/auth/twitch`);
    const address = await world.allow(browser, there.location, "bo_live");
    const shown = await browser.visit(address);
    expect(shown.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(shown.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(shown.text).not.toMatch(/<script(?! src="\/auth\/page\.js")|<style|\son\w+=|\sstyle=/);
    const token = /<textarea[^>]*>([^<]+)<\/textarea>/.exec(shown.text)?.[1] ?? "";
    expect((await me(token)).status).toBe(200);
    const cookie = browser.cookies().get("foyer");
    expect(cookie?.attributes).toMatch(/HttpOnly; SameSite=Strict/);
    expect(cookie?.value).not.toBe(token);
    const session = await browser.visit(`${home}/api/auth/session`, { sameSite: true });
    expect(session.json.account).toMatchObject({ handle: "bo_live", role: "member" });
    for (const path of ["/auth/page.js", "/auth/page.css"]) {
      expect((await browser.visit(`${home}${path}`)).status).toBe(200);
    }
    // Again: the code was used, the page tells it in words, and nothing is shown.
    const again = await browser.visit(address);
    expect(again.status).toBe(400);
    expect(again.text).toContain("This sign-in cannot go on");
    expect(again.text).toContain('href="/auth/twitch"');
    expect(again.text).not.toContain("textarea");
  });

  test("from the app the way back leads to where it began; the second time it is the same account", async () => {
    const browser = world.browser();
    const first = await world.signIn(browser, "/auth/discord?return_to=%2Frooms%2Fgeneral%3Fat%3D3", "ada.d");
    expect([first.status, first.location]).toEqual([303, "/rooms/general?at=3"]);
    const session = await browser.visit(`${home}/api/auth/session`, { sameSite: true });
    expect(session.json.account.handle).toBe("ada.d");
    const other = await world.signIn(world.browser(), "/auth/discord", "ada.d", JSON_ONLY);
    expect(other.json.account.accountId).toBe(session.json.account.accountId);
    expect(other.json.permissionLevel).toBeNull();
  });

  test("the paths of the second seed, and OpenID Connect", async () => {
    const browser = world.browser();
    const there = await browser.visit(`${home}/auth/discord`);
    expect(new URL(there.location ?? "").searchParams.get("redirect_uri")).toBe(`${home}/api/auth/discord/callback`);
    const oidc = await world.signIn(world.browser(), "/auth/oidc", "ada", JSON_ONLY);
    // The address is ada's of Twitch already: hers by Twitch's word, and yet nobody gets into that account by it.
    expect(oidc.json.code).toBe("sign_in.email_in_use");
    const separate = await world.signIn(world.browser(), "/auth/oidc?separate=true", "ada", JSON_ONLY);
    expect(separate.json.account).toMatchObject({ displayName: "Ada Lovelace" });
    expect(separate.json.account.handle).toMatch(/^ada-\w{5}$/);
    expect(separate.json.account.email).toBeUndefined();
    const alias = new URL(await world.allow(browser, there.location, "ada.d"));
    expect(alias.pathname).toBe("/api/auth/discord/callback");
  });

  test("one account, many links; the last way to sign in stays", async () => {
    const browser = world.browser();
    const { accountId } = await world.register(browser, "carol");
    const links = () => browser.visit(`${home}/api/auth/links`, { sameSite: true });
    expect((await links()).json).toEqual({ items: [], hasPassword: true, lastWayIn: null });

    const started = await browser.send("POST", `${home}/api/auth/links/oidc`, { returnTo: "/settings/links" });
    expect(started.status).toBe(201);
    const before = browser.cookies().get("foyer")?.value;
    const back = await browser.visit(await world.allow(browser, started.json.url, "mallory"));
    expect([back.status, back.location]).toEqual([303, "/settings/links"]);
    expect(browser.cookies().get("foyer")?.value).not.toBe(before);
    expect((await me(before ?? "")).status).toBe(401);
    expect((await links()).json).toMatchObject({ items: [{ provider: "oidc", name: "Mallory" }], lastWayIn: null });

    const signedIn = await world.signIn(world.browser(), "/auth/oidc", "mallory", JSON_ONLY);
    expect(signedIn.json.account.accountId).toBe(accountId);
    expect((await browser.send("DELETE", `${home}/api/auth/links/oidc`)).status).toBe(204);
    expect((await browser.send("DELETE", `${home}/api/auth/links/oidc`)).json.code).toBe("link.not_found");

    const outsider = world.browser();
    await world.signIn(outsider, "/auth/twitch?return_to=/", "nomail");
    expect((await outsider.visit(`${home}/api/auth/links`, { sameSite: true })).json).toMatchObject({
      hasPassword: false,
      lastWayIn: "twitch",
    });
    expect((await outsider.send("DELETE", `${home}/api/auth/links/twitch`)).json.code).toBe("link.last_way_in");
    const second = await outsider.send("POST", `${home}/api/auth/links/discord`, {});
    await outsider.visit(await world.allow(outsider, second.json.url, "mallory"));
    // Both at once: one of them stays.
    const both = await Promise.all([
      outsider.send("DELETE", `${home}/api/auth/links/twitch`),
      outsider.send("DELETE", `${home}/api/auth/links/discord`),
    ]);
    expect(both.map(({ status }) => String(status)).sort()).toEqual(["204", "409"]);
  });

  test("raising a level asks Twitch again, lowering counts at once, and signing in takes nothing away", async () => {
    const browser = world.browser();
    await world.signIn(browser, "/auth/twitch?permission_level=chatbot&return_to=/", "bo_live");
    const level = async () => (await browser.visit(`${home}/auth/me`, { sameSite: true })).json.permissionLevel;
    const set = (permissionLevel: string) =>
      browser.send("PUT", `${home}/api/auth/links/twitch/permission-level`, { permissionLevel });
    expect(await level()).toBe("chatbot");

    const lowered = await set("viewer");
    expect(lowered.json).toMatchObject({ link: { permissionLevel: "viewer", effectivePermissionLevel: "viewer" } });
    expect(lowered.json.authorize).toBeUndefined();
    expect(await level()).toBe("viewer");
    // Twitch has granted it still: going back up to it needs nobody.
    expect((await set("chatbot")).json.authorize).toBeUndefined();

    const raised = await set("moderator");
    expect(raised.json.link.permissionLevel).toBe("chatbot");
    expect(await level()).toBe("chatbot");
    const asked = new URL(raised.json.authorize?.url ?? "").searchParams;
    expect(asked.get("force_verify")).toBe("true");
    expect(asked.get("scope")?.split(" ").sort()).toEqual([...levelScopes.moderator].sort());
    expect((await browser.visit(await world.allow(browser, raised.json.authorize?.url, "declines"))).status).toBe(403);
    expect(await level()).toBe("chatbot");
    const once = await set("moderator");
    expect((await browser.visit(await world.allow(browser, once.json.authorize?.url, "bo_live"))).status).toBe(303);
    expect(await level()).toBe("moderator");

    const revoked = world.twitch.calls.of("revoke");
    const plain = await world.signIn(world.browser(), "/auth/twitch", "bo_live", JSON_ONLY);
    expect(plain.json.permissionLevel).toBe("moderator");
    await vi.waitFor(() => expect(world.twitch.calls.of("revoke")).toBe(revoked + 1));
  });

  test("a level that does not exist, a provider that is not there", async () => {
    const wrong = await world.browser().visit(`${home}/auth/twitch?permission_level=emperor`, JSON_ONLY);
    expect([wrong.status, wrong.json.code]).toEqual([400, "request.invalid"]);
    const absent = await world.browser().visit(`${home}/auth/cognito`);
    expect(absent.status).toBe(404);
    expect(absent.text).toContain("is not set up on this server");
  });
});

test("a server without providers says so, and its own sign-in works", async () => {
  const server = await startTestServer();
  try {
    const status: unknown = await (await fetch(`${server.url}/auth/status`)).json();
    expect(status).toMatchObject({ configured: false });
    expect(await (await fetch(`${server.url}/api/auth/providers`)).json()).toEqual({ items: [] });
    const register = await fetch(`${server.url}/api/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.url },
      body: JSON.stringify({ handle: "ada", password: PASSWORD }),
    });
    expect(register.status).toBe(201);
  } finally {
    await server.stop();
  }
});
