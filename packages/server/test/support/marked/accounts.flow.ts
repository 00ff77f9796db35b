import { expect } from "vitest";
import { openWire } from "../wire.ts";
import type { MarkedWorld } from "./marked.world.ts";

/** Ada owns the server and has a mail address, Bo is a member; both sign in well and ill. */
export async function signInByPassword({ asker, search, register, person, password, noteToken }: MarkedWorld) {
  const address = `ada.${search.makePlain("mail address")}@people.example`.toLowerCase();
  search.note("mail address", address);
  await register("ada", { email: address });
  await register("bo");
  for (const body of [
    { login: "ada", password: password("wrong") },
    // In the wrong field, as people do.
    { login: password("typed as a login"), password: password("of nobody") },
    { login: address, password: password("wrong, by address") },
    { login: "ada", password: [password("in a list")] },
    { login: "ada", password: person("ada").password, otp: password("in an unknown field") },
  ]) {
    await asker.refusal("login", { body });
  }
  const bad = (body: object) => asker.refusal("register", { body });
  expect(await bad({ handle: "!", password: password("with a bad handle") })).toBe("request.invalid");
  expect(await bad({ handle: "ada", password: password("of a taken handle") })).toBe("account.handle_taken");
  expect(await bad({ handle: "cy", password: "football" })).toBe("account.password_common");
  const broken = `{"login":"ada","password":"${password("in broken JSON")}`;
  const json = { "content-type": "application/json" };
  expect((await asker.raw("POST", "/api/auth/login", { headers: json, body: broken })).status).toBe(400);

  const { token } = await asker.good("login", { body: { login: "ada", password: person("ada").password } });
  noteToken("second session of ada", token);
  const wrong = { currentPassword: password("wrong current"), newPassword: password("never set") };
  expect(await asker.refusal("changePassword", { as: token, body: wrong })).toBe("auth.invalid_credentials");
  const newPassword = password("new one of ada");
  await asker.good("changePassword", { as: token, body: { currentPassword: person("ada").password, newPassword } });
  Object.assign(person("ada"), { password: newPassword, token });
}

/** Cookies, tickets, tokens in wrong places, foreign pages, a guest. */
export async function carrySessions({ asker, search, server, person, noteToken }: MarkedWorld) {
  const { token, password } = person("bo");
  const cookie = `foyer=${token}`;
  expect(await asker.refusal("logout", { cookie, origin: "https://evil.example" })).toBe("request.foreign_origin");
  const forged = `${token.slice(0, -6)}forged`;
  noteToken("forged session", forged);
  expect(await asker.refusal("listSessions", { as: forged })).toBe("auth.token_invalid");
  const { ticket } = await asker.good("ticket", { as: token });
  search.note("ticket", ticket);
  await (await openWire(server.origin, { ticket })).close();
  await expect(openWire(server.origin, { ticket })).rejects.toThrow("closed with");
  await expect(openWire(server.origin, { ticket: search.make("bad ticket") })).rejects.toThrow("closed with");
  await expect(openWire(server.origin, { cookie, from: "https://evil.example" })).rejects.toThrow("closed with");
  // In addresses, where they should not be.
  for (const path of ["/api/", "/api/nothing/", "/rooms/", "/auth/", "/ws/", "/api/docs/", "/webhooks/"]) {
    const secret = search.make(`in an address below ${path}`);
    await asker.raw("GET", `${path}${encodeURIComponent(secret)}?token=${encodeURIComponent(secret)}`);
    await asker.raw("POST", `${path}${encodeURIComponent(secret)}`, {
      headers: { authorization: `Basic ${search.makePlain(`in a header below ${path}`)}` },
    });
  }
  const mine = await asker.good("login", { body: { login: "bo", password } });
  noteToken("ended session", mine.token);
  await asker.good("logout", { as: mine.token });
  expect(await asker.refusal("listSessions", { as: mine.token })).toBe("auth.token_invalid");
  noteToken("session of a guest", (await asker.good("guest")).token);
}
