import type { AccountSecurity, PasskeyOptions } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { virtualAuthenticator } from "../support/authenticator.ts";
import type { Browser } from "../support/browser.ts";
import { eachEngine } from "../support/engines.ts";
import { type OutsideWorld, PASSWORD, startOutside } from "../support/outside.ts";

let world: OutsideWorld;
afterEach(() => world.stop());

const JSON_ONLY = { accept: "application/json" };

/** One call in the browser: the status when it is good, the code otherwise. */
async function act(browser: Browser, method: "POST" | "DELETE", path: string, body?: object) {
  const answer = await browser.send(method, `${world.server.url}/api/auth${path}`, body);
  return answer.status < 300 ? answer.status : answer.json.code;
}

async function read<T>(browser: Browser, path: string): Promise<T> {
  const { text } = await browser.visit(`${world.server.url}/api/auth${path}`, { sameSite: true });
  return JSON.parse(text) as T;
}

/** Somebody who signs in through Twitch, in a new browser. */
async function arrive(): Promise<Browser> {
  const browser = world.browser();
  const { status } = await world.signIn(browser, "/auth/twitch?return_to=/rooms", "ada");
  if (status !== 303) throw new Error(`signing in: ${status}`);
  return browser;
}

const isProven = async (browser: Browser) => (await read<AccountSecurity>(browser, "/security")).stepUp.until !== null;

eachEngine((engine) => {
  test("who came through a provider sets a first password, once, and after a fresh proof alone", async () => {
    world = await startOutside({ engine });
    const browser = await arrive();
    const { token } = (await world.signIn(world.browser(), "/auth/twitch", "ada", JSON_ONLY)).json;
    const newPassword = "a whole new password";
    // The token that is shown was never proven.
    const stale = await fetch(`${world.server.url}/api/auth/password`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ newPassword }),
    });
    expect([stale.status, await stale.json()]).toMatchObject([403, { code: "auth.step_up_required", methods: [] }]);
    const set = (body: object) => act(browser, "POST", "/password", body);
    expect(await set({ newPassword, currentPassword: "a guess of it" })).toBe("auth.invalid_credentials");
    expect(await set({ newPassword: "qwerty123" })).toBe("account.password_common");
    const both = await Promise.all([set({ newPassword }), set({ newPassword })]);
    expect(both.filter((each) => each === 204)).toHaveLength(1);
    expect(await set({ newPassword: "the password of a thief" })).toBe("request.invalid");
    const other = world.browser();
    expect(await act(other, "POST", "/login", { login: "ada", password: newPassword })).toBe(200);
    expect(await set({ newPassword: PASSWORD, currentPassword: newPassword })).toBe(204);
  });

  test("a sign-in through a provider is a fresh proof only where there is nothing else to show", async () => {
    world = await startOutside({ engine });
    const first = await arrive();
    expect(await isProven(first)).toBe(true);
    expect(await isProven(await arrive())).toBe(true);
    expect(await act(first, "POST", "/password", { newPassword: PASSWORD })).toBe(204);
    const later = await arrive();
    expect(await isProven(later)).toBe(false);
    expect(await act(later, "DELETE", "/links/twitch")).toBe("auth.step_up_required");
    expect(await act(later, "POST", "/step-up", { password: PASSWORD })).toBe(200);
    expect(await isProven(later)).toBe(true);
  });

  test("a passkey stands in for the last link, and then is the last way in itself", async () => {
    world = await startOutside({ engine });
    const browser = await arrive();
    const lastWayIn = async () => (await read<{ lastWayIn: string | null }>(browser, "/links")).lastWayIn;
    expect(await lastWayIn()).toBe("twitch");
    expect(await act(browser, "DELETE", "/links/twitch")).toBe("link.last_way_in");
    const started = await browser.send("POST", `${world.server.url}/api/auth/passkeys/options`);
    const { response } = virtualAuthenticator(world.server.url).create(JSON.parse(started.text) as PasskeyOptions);
    expect(await act(browser, "POST", "/passkeys", { name: "Key", response })).toBe(201);
    // It is a second factor as well: the provider alone lets nobody in any more, and proves nothing.
    const held = await world.signIn(world.browser(), "/auth/twitch?return_to=/rooms", "ada");
    expect(held.location).toContain("/sign-in/second-factor");
    expect(await lastWayIn()).toBeNull();
    expect(await act(browser, "DELETE", "/links/twitch")).toBe(204);
    const { passkeys } = await read<AccountSecurity>(browser, "/security");
    const path = `/passkeys/${passkeys[0]?.passkeyId}`;
    expect(await act(browser, "DELETE", path)).toBe("link.last_way_in");
    expect(await act(browser, "POST", "/password", { newPassword: PASSWORD })).toBe(204);
    expect(await act(browser, "DELETE", path)).toBe(204);
    expect(await act(browser, "DELETE", path)).toBe("passkey.not_found");
  });
});
