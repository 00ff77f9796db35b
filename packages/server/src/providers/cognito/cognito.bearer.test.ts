import { type OidcSimulator, startOidc } from "@foyer/simulators/oidc";
import type { JWTPayload } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCognitoBearer } from "./cognito.bearer.ts";

// The pool's keys are those of the OpenID simulator, which can rotate and forge; cognito-local's never change.
let issuer: OidcSimulator;
let bearer: ReturnType<typeof createCognitoBearer>;
beforeEach(async () => {
  issuer = await startOidc();
  bearer = createCognitoBearer({ userPoolId: "eu-central-1_pool", clientId: "foyer", issuer: issuer.url });
});
afterEach(() => issuer.close());

const now = () => Math.floor(Date.now() / 1000);
const access = (more: JWTPayload = {}): JWTPayload => ({
  iss: issuer.url,
  sub: "sub-1",
  token_use: "access",
  client_id: "foyer",
  username: "ada",
  iat: now(),
  exp: now() + 300,
  ...more,
});
const code = (token: string) =>
  bearer.verify(token).then(
    ({ person }) => person.subject,
    (error: { code: string }) => error.code,
  );

test("access tokens by client, ID tokens by audience, and nothing else", async () => {
  const sign = issuer.keys.sign;
  expect(await code(await sign(access()))).toBe("sub-1");
  expect(await code(await sign(access({ token_use: "id", client_id: undefined, aud: "foyer" })))).toBe("sub-1");
  for (const wrong of [
    access({ client_id: "another" }),
    access({ client_id: undefined }),
    access({ client_id: undefined, aud: "foyer" }),
    access({ token_use: "id" }),
    access({ token_use: "id", aud: "another" }),
    access({ token_use: "refresh" }),
    access({ token_use: undefined }),
    access({ iss: "https://cognito-idp.eu-central-1.amazonaws.com/another" }),
    access({ sub: undefined }),
  ]) {
    expect([wrong, await code(await sign(wrong))]).toEqual([wrong, "auth.token_invalid"]);
  }
  expect(await code(await sign(access({ iat: now() - 900, exp: now() - 600 })))).toBe("auth.token_expired");
});

test("algorithm confusion, no signature, a stranger's key", async () => {
  for (const kind of ["alg_none", "alg_hs256", "foreign_key", "unknown_key"] as const) {
    expect([kind, await code(await issuer.keys.forge(kind, access()))]).toEqual([kind, "auth.token_invalid"]);
  }
  // What is over tells so only when it is genuine.
  const over = access({ exp: now() - 600 });
  expect(await code(await issuer.keys.forge("foreign_key", over))).toBe("auth.token_invalid");
});

test("keys that change: the new one is fetched once, the old one ends with the pool's word", async () => {
  const before = await issuer.keys.sign(access());
  expect(await code(before)).toBe("sub-1");
  issuer.keys.rotate({ forget: true });
  const after = await issuer.keys.sign(access());
  const asked = issuer.calls.of("keys");
  expect(await Promise.all([code(after), code(after), code(after)])).toEqual(["sub-1", "sub-1", "sub-1"]);
  expect(issuer.calls.of("keys")).toBe(asked + 1);
  expect(await code(before)).toBe("auth.token_invalid");
});

test("a pool that does not answer is no bad token", async () => {
  issuer.fault({ kind: "error", operation: "keys", times: 1 });
  expect(await code(await issuer.keys.sign(access()))).toBe("provider.unavailable");
});

test("says of a token whether it is its own to judge", async () => {
  expect(bearer.recognises(await issuer.keys.sign(access()))).toBe(true);
  expect(bearer.recognises(await issuer.keys.sign(access({ iss: "foyer" })))).toBe(false);
  for (const text of ["", "a.b.c", "x".repeat(10_000), "foyer_token"]) expect(bearer.recognises(text)).toBe(false);
});
