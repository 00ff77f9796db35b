import { expect } from "vitest";
import type { Browser, VisitOptions } from "../browser.ts";
import type { MarkedWorld } from "./marked.world.ts";

const JSON_ONLY = { accept: "application/json" };
/** How each provider may fail when the code is exchanged; undefined: it does not. */
const faults = [undefined, "error", "revoked", "disconnect"] as const;

/** Goes to a provider from `path` and allows it as `who`. Returns the way back, with state, nonce and code noted. */
export async function wayBack({ home, search }: MarkedWorld, browser: Browser, from: string, who: string) {
  const asked = new URL(from, home);
  for (const name of ["state", "nonce"]) {
    const value = asked.searchParams.get(name);
    if (value !== null) search.note(`${name} ${value.slice(0, 6)}`, value);
  }
  asked.searchParams.set("person", who);
  const back = new URL((await browser.visit(asked.href)).location ?? "nowhere:");
  const code = back.searchParams.get("code");
  if (code !== null) search.note(`code ${code.slice(0, 6)}`, code);
  return back.href;
}

/** Signs in by Twitch, Discord and OpenID Connect: as a program, as a person, again, forged, refused, declined. */
export async function signInFromOutside(world: MarkedWorld) {
  const { home, asker, search, noteToken } = world;
  for (const { path, provider, who } of [
    { path: "/auth/twitch?permission_level=chatbot", provider: world.twitch, who: "ada" },
    { path: "/auth/discord", provider: world.discord, who: "ada.d" },
    { path: "/auth/oidc", provider: world.oidc, who: "mallory" },
  ]) {
    const go = async (browser: Browser, as: string, options: VisitOptions = {}) => {
      const there = await browser.visit(`${home}${path}`, { sameSite: true });
      expect([path, there.status]).toEqual([path, 302]);
      const back = await wayBack(world, browser, there.location ?? "", as);
      return { back, seen: await browser.visit(back, options) };
    };
    for (const fault of faults) {
      if (fault !== undefined) provider.fault({ kind: fault, operation: "token", times: 1 });
      const { back, seen } = await go(world.browser(), who, JSON_ONLY);
      if (fault === undefined) noteToken(`session from ${path}`, seen.json.token);
      else expect([path, fault, seen.status >= 400]).toEqual([path, fault, true]);
      // Again, and by somebody whose browser began nothing.
      const { pathname, search: query } = new URL(back);
      expect((await asker.raw("GET", pathname + query)).status).toBe(400);
    }
    const person = world.browser();
    const shown = (await go(person, who)).seen;
    const [, token = ""] = /<textarea[^>]*>([^<]+)<\/textarea>/.exec(shown.text) ?? [];
    noteToken(`token that is shown after ${path}`, token);
    expect((await go(world.browser(), "declines")).seen.status).toBe(403);
    const callback = new URL((await go(world.browser(), who)).back).pathname;
    const forged = encodeURIComponent(search.make(`forged code and state at ${path}`));
    for (const query of [`code=${forged}&state=${forged}`, `error=${forged}&error_description=${forged}`]) {
      await asker.raw("GET", `${callback}?${query}`);
      expect((await person.visit(`${home}${callback}?${query}`)).status).toBe(400);
    }
  }
  const bearer = search.makePlain("bearer of nobody");
  expect(await asker.refusal("authMe", { as: bearer })).toBe("auth.token_invalid");
}

/** Bo links all of them, raises and lowers a level, is refused what is somebody else's, and unlinks. */
export async function linkFromOutside(world: MarkedWorld) {
  const { home, search, person, twitch, discord } = world;
  const browser = world.browser();
  await browser.send("POST", `${home}/api/auth/login`, { login: "bo", password: person("bo").password });
  const link = async (provider: string, who: string) => {
    const { json } = await browser.send("POST", `${home}/api/auth/links/${provider}`, { returnTo: "/settings" });
    return browser.visit(await wayBack(world, browser, json.url, who));
  };
  expect((await link("oidc", "mallory")).status).toBe(409);
  expect((await link("twitch", "declines")).status).toBe(403);
  discord.fault({ kind: "error", operation: "me", times: 1 });
  expect((await link("discord", "mallory")).status).toBe(503);
  expect((await link("discord", "mallory")).status).toBe(303);
  expect((await link("twitch", "bo_live")).status).toBe(303);
  const level = (permissionLevel: string) =>
    browser.send("PUT", `${home}/api/auth/links/twitch/permission-level`, { permissionLevel });
  const raised = await level("moderator");
  expect((await browser.visit(await wayBack(world, browser, raised.json.authorize?.url ?? "", "bo_live"))).status).toBe(
    303,
  );
  expect((await level("viewer")).status).toBe(200);
  const odd = search.make("as a level");
  expect((await level(odd)).status).toBe(400);

  // What is given back at the provider: well, with an error, and a grant that the person has ended there.
  discord.fault({ kind: "error", operation: "revoke", times: 1 });
  expect((await browser.send("DELETE", `${home}/api/auth/links/discord`)).status).toBe(204);
  twitch.grants.revokeUser("1002");
  expect((await browser.send("DELETE", `${home}/api/auth/links/twitch`)).status).toBe(204);
  expect((await link("discord", "mallory")).status).toBe(303);
}
