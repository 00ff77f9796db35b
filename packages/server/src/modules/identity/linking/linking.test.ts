import { permissionLevels } from "@foyer/protocol";
import { expect, test } from "vitest";
import { testClock } from "../../../../test/support/identity.ts";
import { createIds, systemClock } from "../../../platform/clock/clock.ts";
import { levelScopes, scopeReasons } from "../../../providers/twitch/twitch.scopes.ts";
import { handleChoices } from "../accounts/handle.choice.ts";
import { createFlowSeal } from "./flows/flow.seal.ts";
import type { Flow } from "./flows/flow.ts";
import { safeReturnPath } from "./flows/return.path.ts";
import { prefersPage } from "./pages/accepted.type.ts";
import { html } from "./pages/html.ts";
import { underName } from "./pages/same.machine.ts";
import { effectiveLevel, grantedLevel } from "./permission.levels.ts";

const ids = createIds(systemClock);

test("a way back is a path of this server, however it is written", () => {
  for (const path of ["/", "/rooms/general", "/rooms/a?at=3#m", "/%2Fevil", "/a//b", "/ä"]) {
    expect([path, safeReturnPath(path)]).toEqual([path, expect.stringMatching(/^\/(?![/\\])/)]);
  }
  const ways = [
    "",
    "rooms",
    "//evil",
    "/\\evil",
    "\\\\evil",
    "https://evil",
    "javascript:1",
    "/.//evil",
    "/a/..//evil",
  ];
  for (const way of [...ways, "/\t/evil", "/\n/evil", "/\0", `/${"x".repeat(600)}`, null, undefined]) {
    expect([way, safeReturnPath(way)]).toEqual([way, undefined]);
  }
});

test("what is granted bounds what was chosen, and a revoked grant allows nothing", () => {
  const link = (permissionLevel: string | null, scopes: readonly string[], status: "active" | "revoked" = "active") =>
    effectiveLevel(levelScopes, { permissionLevel, scopes, status });
  for (const level of permissionLevels) expect(grantedLevel(levelScopes, levelScopes[level])).toBe(level);
  expect(link("admin", levelScopes.chatbot)).toBe("chatbot");
  expect(link("viewer", levelScopes.admin)).toBe("viewer");
  expect(link("admin", levelScopes.admin.slice(1))).toBeNull();
  expect(link("admin", levelScopes.admin, "revoked")).toBeNull();
  expect(link("emperor", levelScopes.admin)).toBeNull();
  expect(link(null, levelScopes.admin)).toBeNull();
});

test("each level holds the one before it, and each scope has one place and a reason", () => {
  for (const [at, level] of permissionLevels.entries()) {
    const below = permissionLevels[at - 1];
    if (below !== undefined) expect(levelScopes[level]).toEqual(expect.arrayContaining([...levelScopes[below]]));
  }
  const all = permissionLevels.flatMap((level) => Object.entries(scopeReasons[level]));
  expect(new Set(all.map(([scope]) => scope)).size).toBe(all.length);
  for (const [scope, reason] of all) expect([scope, reason.length > 5]).toEqual([scope, true]);
});

test("handles come from logins, never from addresses, and never are the server's own", () => {
  expect(handleChoices("Ada_Lovelace", ids)[0]).toBe("ada_lovelace");
  expect(handleChoices("Ünï çödé", ids)[0]).toBe("unicode");
  for (const login of ["ada@people.example", undefined, "", "日本語", "x"]) {
    for (const choice of handleChoices(login, ids)) expect(choice).toMatch(/^member-[a-z0-9]{5}$/);
  }
  for (const login of ["foyer", "everyone", "guest-1", "guest-"]) {
    const choices = handleChoices(login, ids);
    expect(choices.length).toBeGreaterThan(2);
    expect(choices).not.toContain(login);
    expect(choices.filter((choice) => choice.startsWith("guest-"))).toEqual([]);
  }
  for (const choice of handleChoices("a".repeat(60), ids)) expect(choice.length).toBeLessThanOrEqual(32);
});

test("a sealed flow opens here alone, unchanged, and for ten minutes", async () => {
  const clock = testClock();
  const seal = createFlowSeal({ secret: "a secret of tests that is long enough", clock });
  const flow: Flow = {
    ...{ state: "state", nonce: "nonce", verifier: "verifier", provider: "twitch", mode: "sign_in" },
    ...{ expiresAt: clock.now() + 600_000, returnTo: "/rooms" },
  };
  const sealed = await seal.seal(flow);
  expect(await seal.open(sealed)).toEqual(flow);
  for (const secret of ["verifier", "/rooms", "twitch"]) {
    expect(sealed).not.toContain(secret);
    expect(Buffer.from(sealed.split(".")[3] ?? "", "base64url").toString()).not.toContain(secret);
  }
  const other = createFlowSeal({ secret: "another secret of tests, long enough too", clock });
  expect(await other.open(sealed)).toBeUndefined();
  for (const at of [3, sealed.length - 3, Math.floor(sealed.length / 2)]) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`;
    expect(await seal.open(changed)).toBeUndefined();
  }
  expect(await seal.open("")).toBeUndefined();
  clock.advance(600_001);
  expect(await seal.open(sealed)).toBeUndefined();
});

test("who wants a page and who wants JSON", () => {
  const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  expect([browser, "text/html", "text/html;q=0.9, application/json;q=0.5"].map(prefersPage)).toEqual([
    true,
    true,
    true,
  ]);
  const programs = [null, "", "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0"];
  expect(programs.map(prefersPage)).toEqual(programs.map(() => false));
});

test("texts of people stay texts on the page", () => {
  const name = `<img src=x onerror="alert(1)"> & 'co'`;
  expect(html`<p title="${name}">${html`<b>${name}</b>`}${undefined}</p>`.source).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;co&#39;"><b>&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;co&#39;</b></p>',
  );
});

test("one machine has three names, and the way to a provider begins under the one that it comes back to", () => {
  const back = "http://localhost:3000/auth/callback";
  expect(underName("http://127.0.0.1:3000/auth/twitch?a=1", back)).toBe("http://localhost:3000/auth/twitch?a=1");
  expect(underName("http://[::1]:3000/auth/twitch", back)).toBe("http://localhost:3000/auth/twitch");
  // Never round in circles, never to somewhere else: the name that arrives behind a proxy may be any.
  for (const asked of [
    "http://localhost:3000/x",
    "http://127.0.0.1:8080/x",
    "https://127.0.0.1:3000/x",
    "http://foyer/x",
  ]) {
    expect([asked, underName(asked, back)]).toEqual([asked, undefined]);
  }
  expect(underName("http://127.0.0.1:3000/x", "https://foyer.example/auth/callback")).toBeUndefined();
});
