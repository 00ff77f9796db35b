import { expect, vi } from "vitest";
import { turnAppOn } from "./factors.flow.ts";
import type { MarkedWorld } from "./marked.world.ts";
import { wayBack } from "./outside.flow.ts";

/** Dora has everything that an account can have, takes it with her, and leaves; first in ways that are refused. */
export async function leaveForGood(world: MarkedWorld) {
  const { asker, search, home, register, noteToken, twitch } = world;
  const email = `${search.makePlain("mail address of dora").toLowerCase()}@people.example`;
  search.note("mail address of dora", email);
  const dora = await register("dora", { email });
  const browser = world.browser();
  const { json } = await browser.send("POST", `${home}/api/auth/login`, { login: "dora", password: dora.password });
  const as = json.token;
  noteToken("session of dora's browser", as);
  const link = await browser.send("POST", `${home}/api/auth/links/twitch`, {});
  expect((await browser.visit(await wayBack(world, browser, link.json.url, "nomail"))).status).toBe(303);
  const cookie = browser.cookies().get("foyer")?.value ?? "";
  const { secret } = await asker.good("createToken", { as: cookie, body: { name: "bot", scopes: ["read"] } });
  search.note("token for programs of dora", secret);
  await turnAppOn(world, "dora", cookie);
  await asker.good("sendMessage", { as: cookie, path: ["general"], body: { message: search.make("message of dora") } });

  expect(await asker.refusal("exportAccount", { as: secret })).toBe("auth.scope_missing");
  const { text } = await asker.call("exportAccount", { as: cookie });
  expect(text).toContain('"kind":"end"');
  world.files["export of an account"] = Buffer.from(text);
  const leave = (token: string, handle: string) => ({ as: token, body: { handle, messages: "erase" } });
  expect(await asker.refusal("deleteAccount", leave(cookie, search.makePlain("as a handle")))).toBe("request.invalid");
  expect(await asker.refusal("deleteAccount", leave(secret, "dora"))).toBe("auth.scope_missing");
  const given = twitch.calls.of("revoke");
  await asker.good("deleteAccount", leave(cookie, "dora"));
  // What Twitch entrusted is given back to it.
  await vi.waitFor(() => expect(twitch.calls.of("revoke")).toBeGreaterThan(given), 10_000);
  for (const token of [cookie, secret, as]) expect(await asker.refusal("listRooms", { as: token })).toMatch(/^auth\./);
  await asker.refusal("login", { body: { login: "dora", password: dora.password } });
}
