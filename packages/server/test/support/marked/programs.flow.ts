import { expect } from "vitest";
import { openWire } from "../wire.ts";
import type { MarkedWorld } from "./marked.world.ts";

/** Ada makes tokens for programs: used, where they belong and not, with too little scope, altered, revoked. */
export async function workByToken({ asker, search, server, person, noteToken }: MarkedWorld) {
  const { password } = person("ada");
  const { token: as } = await asker.good("login", { body: { login: "ada", password } });
  noteToken("session that makes tokens", as);
  const { secret, token } = await asker.good("createToken", { as, body: { name: "bot", scopes: ["read"] } });
  search.note("token for programs", secret);
  await asker.good("listRooms", { as: secret });
  expect(await asker.refusal("listAccounts", { as: secret })).toBe("auth.scope_missing");
  expect(await asker.refusal("createToken", { as: secret, body: { name: "more", scopes: ["admin"] } })).toBe(
    "auth.scope_missing",
  );
  const { ticket } = await asker.good("ticket", { as: secret });
  search.note("ticket of a program", ticket);
  await (await openWire(server.origin, { ticket })).close();
  const wire = await openWire(server.origin, { token: secret });
  await asker.raw("GET", `/api/rooms?access_token=${secret}`);
  await asker.raw("GET", `/auth/${secret}`);
  expect(await asker.refusal("listRooms", { as: `${secret}x` })).toBe("auth.token_invalid");
  const named = search.make("as the name of a token");
  await asker.refusal("createToken", { as, body: { name: named, scopes: [named] } });
  await asker.good("revokeToken", { as, path: [token.tokenId] });
  await wire.closed;
  expect(await asker.refusal("listRooms", { as: secret })).toBe("auth.token_invalid");
}
