import type { PasskeyOptions, Problem } from "@foyer/protocol";
import { expect } from "vitest";
import { type VirtualPasskey, virtualAuthenticator } from "../authenticator.ts";
import type { MarkedWorld } from "./marked.world.ts";

/** Cy makes a passkey, signs in by it alone and as a second factor, proves by it; a thief has a copy of it. */
export async function signInByPasskey({ asker, search, home, register, noteToken }: MarkedWorld) {
  const cy = await register("cy");
  const authenticator = virtualAuthenticator(home);
  let times = 0;

  /** A challenge as text and as bytes is a secret until it is answered. */
  function noted(options: PasskeyOptions): PasskeyOptions {
    const challenge = String(options.publicKey["challenge"]);
    times += 1;
    search.note(`challenge ${times}`, challenge);
    search.note(`challenge ${times}, bytes`, Buffer.from(challenge, "base64url"));
    return options;
  }
  const begin = async () => noted(await asker.good("startPasskeySignIn"));
  function answer(options: PasskeyOptions, passkey: VirtualPasskey, over: object = {}) {
    const response = authenticator.use(options, passkey, over);
    const { signature } = response["response"] as { signature: string };
    search.note(`signature ${times}`, signature);
    search.note(`signature ${times}, bytes`, Buffer.from(signature, "base64url"));
    return response;
  }

  const creation = noted(await asker.good("startPasskey", { as: cy.token }));
  const { passkey, response } = authenticator.create(creation);
  const key = passkey.key.export({ format: "jwk" });
  search.note("private key of a passkey", Buffer.from(key.d ?? "", "base64url"));
  const foreign = authenticator.create(creation, { origin: "https://evil.example" });
  expect(await asker.refusal("addPasskey", { as: cy.token, body: { response: foreign.response } })).toBe(
    "auth.passkey_invalid",
  );
  // That challenge is used up.
  expect(await asker.refusal("addPasskey", { as: cy.token, body: { response } })).toBe("auth.passkey_invalid");
  const again = authenticator.create(noted(await asker.good("startPasskey", { as: cy.token })));
  const { recoveryCodes = [] } = await asker.good("addPasskey", {
    as: cy.token,
    body: { name: "Key", response: again.response },
  });
  for (const [at, code] of recoveryCodes.entries()) search.note(`recovery code ${at} of cy`, code);

  const mine = again.passkey;
  const good = answer(await begin(), mine);
  noteToken("session by a passkey", (await asker.good("passkeySignIn", { body: { response: good } })).token);
  const refused = (body: object) => asker.refusal("passkeySignIn", { body: { response: body } });
  expect(await refused(good)).toBe("auth.passkey_invalid");
  for (const over of [{ origin: "https://evil.example" }, { userVerified: false }, { counter: 0 }]) {
    expect(await refused(answer(await begin(), authenticator.copy(mine), over))).toBe("auth.passkey_invalid");
  }
  const { text } = await asker.call("login", { body: { login: "cy", password: cy.password } });
  const { pending = "" } = JSON.parse(text) as Problem;
  search.note("pending sign-in of cy", pending);
  const second = await asker.good("completeSignIn", { body: { pending, passkey: answer(await begin(), mine) } });
  noteToken("session by password and passkey", second.token);
  const proof = { passkey: answer(await begin(), mine) };
  noteToken(
    "session after a step-up by passkey",
    (await asker.good("stepUp", { as: second.token, body: proof })).token,
  );
}
