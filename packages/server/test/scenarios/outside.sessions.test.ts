import { decodeJwt } from "jose";
import { TOTP } from "otpauth";
import { expect, onTestFinished, test } from "vitest";
import { eachEngine } from "../support/engines.ts";
import { type OutsideWorld, startOutside } from "../support/outside.ts";

const JSON_ONLY = { accept: "application/json" };

const me = (world: OutsideWorld, token: string) =>
  fetch(`${world.server.url}/auth/me`, { headers: { authorization: `Bearer ${token}` } });

eachEngine((engine) => {
  async function start(options: Omit<Parameters<typeof startOutside>[0], "engine"> = {}): Promise<OutsideWorld> {
    const world = await startOutside({ engine, ...options });
    onTestFinished(() => world.stop());
    return world;
  }

  test("JWT_EXPIRES_IN governs the token that is shown, and not the browser's session", async () => {
    let ahead = 0;
    const clock = { now: () => Date.now() + ahead };
    const world = await start({ env: { JWT_EXPIRES_IN: "90s" }, clock });
    const browser = world.browser();
    const there = await browser.visit(`${world.server.url}/auth/twitch`);
    const shown = await browser.visit(await world.allow(browser, there.location, "ada"));
    const token = /<textarea[^>]*>([^<]+)<\/textarea>/.exec(shown.text)?.[1] ?? "";
    expect((await me(world, token)).status).toBe(200);
    const { exp = 0, iat = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(90);
    ahead = 90_000;
    const late = await me(world, token);
    expect(late.status).toBe(401);
    expect(await late.json()).toMatchObject({ code: "auth.token_expired" });
    const session = await browser.visit(`${world.server.url}/api/auth/session`, { sameSite: true });
    expect(session.json.account.handle).toBe("ada");
  });

  test("the token that is shown can be ended in the settings, and signing out leaves it alone", async () => {
    const world = await start();
    const browser = world.browser();
    const there = await browser.visit(`${world.server.url}/auth/twitch`);
    const shown = await browser.visit(await world.allow(browser, there.location, "ada"));
    const token = /<textarea[^>]*>([^<]+)<\/textarea>/.exec(shown.text)?.[1] ?? "";
    const sessions = await browser.visit(`${world.server.url}/api/auth/sessions`, { sameSite: true });
    const ofToken = sessions.json.items.find(({ device }) => device === "Token from Twitch");
    expect(sessions.json.items).toHaveLength(2);
    expect((await me(world, token)).status).toBe(200);
    expect((await browser.send("DELETE", `${world.server.url}/api/auth/sessions/${ofToken?.sessionId}`)).status).toBe(
      204,
    );
    expect((await me(world, token)).status).toBe(401);
    const still = await browser.visit(`${world.server.url}/api/auth/session`, { sameSite: true });
    expect(still.json.account.handle).toBe("ada");
  });

  test("a second factor stands behind a provider, too", async () => {
    const world = await start();
    const { url } = world.server;
    const browser = world.browser();
    await world.register(browser, "ada");
    const login = await browser.send("POST", `${url}/api/auth/login`, {
      login: "ada",
      password: "correct horse battery",
    });
    expect(login.status).toBe(200);
    const started = await browser.send("POST", `${url}/api/auth/totp`);
    const totp = new TOTP({ secret: started.json.secret });
    const on = await browser.send("POST", `${url}/api/auth/totp/confirm`, { code: totp.generate() });
    expect(on.status).toBe(200);
    const link = await browser.send("POST", `${url}/api/auth/links/twitch`, {});
    expect((await browser.visit(await world.allow(browser, link.json.url, "ada"))).status).toBe(303);

    const program = await world.signIn(world.browser(), "/auth/twitch?permission_level=admin", "ada", JSON_ONLY);
    expect([program.status, program.json.code]).toEqual([401, "auth.second_factor_required"]);
    const fresh = world.browser();
    const person = await world.signIn(fresh, "/auth/twitch?return_to=/rooms/general", "ada");
    const target = new URL(person.location ?? "", url);
    expect([person.status, target.pathname, target.search]).toEqual([
      303,
      "/sign-in/second-factor",
      "?next=%2Frooms%2Fgeneral",
    ]);
    expect(fresh.cookies().has("foyer")).toBe(false);
    const needed = new URLSearchParams(target.hash.slice(1));
    expect(needed.get("methods")?.split(",")).toContain("totp");
    const done = await fresh.send("POST", `${url}/api/auth/second-factor`, {
      pending: needed.get("pending"),
      recoveryCode: on.json.recoveryCodes[0] ?? "",
    });
    expect(done.status).toBe(200);
    // Half signed in nobody raised anything: the level is what it was.
    const after = await me(world, done.json.token);
    expect(await after.json()).toMatchObject({ account: { handle: "ada" }, permissionLevel: "viewer" });
  });

  test("the token that is shown adds no way in and takes none away: that asks for a fresh proof", async () => {
    const world = await start();
    const { url } = world.server;
    const browser = world.browser();
    await world.register(browser, "ada");
    const link = await browser.send("POST", `${url}/api/auth/links/twitch`, {});
    await browser.visit(await world.allow(browser, link.json.url, "ada"));
    const { token } = (await world.signIn(world.browser(), "/auth/twitch", "ada", JSON_ONLY)).json;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const ask = async (method: string, path: string, body?: string) => {
      const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
      return ((await answer.json()) as { code?: string }).code;
    };
    expect(await ask("POST", "/api/auth/links/discord", "{}")).toBe("auth.step_up_required");
    expect(await ask("DELETE", "/api/auth/links/twitch")).toBe("auth.step_up_required");
    // A link that is there already can be renewed: it leads nobody new in.
    expect(await ask("POST", "/api/auth/links/twitch", "{}")).toBeUndefined();
  });
});
