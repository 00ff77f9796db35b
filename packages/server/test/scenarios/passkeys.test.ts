import type { AccountSecurity, PasskeyOptions, Problem, SignedIn, SteppedUp } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { virtualAuthenticator } from "../support/authenticator.ts";
import { eachEngine } from "../support/engines.ts";
import { callEndpoint, type Person, password, registerPerson } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";

let server: TestServer;
afterEach(() => server.stop());

async function start(engine: "sqlite" | "postgres") {
  server = await startTestServer({ engine, env: { LIMIT_SIGN_INS_PER_MINUTE: "0" } });
  return virtualAuthenticator(server.url);
}

async function add(person: Person, authenticator: ReturnType<typeof virtualAuthenticator>, over = {}) {
  const options = (await person.call("startPasskey")).body as PasskeyOptions;
  const made = authenticator.create(options, over);
  const answer = await person.call("addPasskey", [], { name: "Key", response: made.response });
  return { ...made, options, answer };
}

const ask = async () => (await callEndpoint(server.url, "startPasskeySignIn")).body as PasskeyOptions;
const signIn = async (response: object) => {
  const answer = await callEndpoint(server.url, "passkeySignIn", { body: { response } });
  return { ...(answer.body as SignedIn & Problem), status: answer.status };
};

eachEngine((engine) => {
  test("a passkey: added, signs in without a name, is a second factor, proves, is renamed and removed", async () => {
    const authenticator = await start(engine);
    const ada = await registerPerson(server.url, "ada");
    const { passkey, answer } = await add(ada, authenticator);
    expect(answer).toMatchObject({ status: 201, body: { passkey: { name: "Key", synced: false } } });
    expect((answer.body as { recoveryCodes: string[] }).recoveryCodes).toHaveLength(10);
    const options = await ask();
    expect(options.publicKey).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(options.publicKey["allowCredentials"] ?? []).toEqual([]);
    expect(await signIn(authenticator.use(options, passkey))).toMatchObject({
      status: 200,
      account: { handle: "ada" },
    });

    const login = { login: "ada", password };
    const asked = (await callEndpoint(server.url, "login", { body: login })).body as Problem;
    expect(asked).toMatchObject({ code: "auth.second_factor_required", methods: ["passkey", "recovery_code"] });
    const second = authenticator.use(await ask(), passkey);
    const signed = await callEndpoint(server.url, "completeSignIn", {
      body: { pending: asked.pending, passkey: second },
    });
    expect(signed.status).toBe(200);

    const proof = authenticator.use(await ask(), passkey);
    const proven = await callEndpoint(server.url, "stepUp", { token: ada.token, body: { passkey: proof } });
    const { token } = proven.body as SteppedUp;
    const { passkeys } = (await callEndpoint(server.url, "getSecurity", { token })).body as AccountSecurity;
    const path = [passkeys[0]?.passkeyId ?? ""];
    expect(passkeys[0]?.lastUsedAt).toBeDefined();
    expect(
      (await callEndpoint(server.url, "renamePasskey", { token, path, body: { name: "Phone" } })).body,
    ).toMatchObject({
      name: "Phone",
    });
    expect((await callEndpoint(server.url, "removePasskey", { token, path })).status).toBe(204);
    expect(await signIn(authenticator.use(await ask(), passkey))).toMatchObject({ code: "auth.passkey_invalid" });
    expect((await callEndpoint(server.url, "login", { body: login })).status).toBe(200);
  });

  test("whatever is not as it must be gets one answer: replay, copy, other host, no PIN, somebody else", async () => {
    const authenticator = await start(engine);
    const ada = await registerPerson(server.url, "ada");
    const bo = await registerPerson(server.url, "bo");
    const { passkey, response, options } = await add(ada, authenticator);
    // The same answer again, and one to a challenge that was another account's.
    expect((await ada.call("addPasskey", [], { response })).body).toMatchObject({ code: "auth.passkey_invalid" });
    const foreign = authenticator.create(options);
    expect((await bo.call("addPasskey", [], { response: foreign.response })).body).toMatchObject({
      code: "auth.passkey_invalid",
    });
    for (const over of [{ origin: "https://evil.example" }, { rpId: "evil.example" }, { userVerified: false }]) {
      expect([over, (await add(bo, authenticator, over)).answer.body]).toMatchObject([
        over,
        { code: "auth.passkey_invalid" },
      ]);
    }

    const good = authenticator.use(await ask(), passkey);
    const twice = await Promise.all([signIn(good), signIn(good)]);
    expect(twice.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect((await signIn(good)).code).toBe("auth.passkey_invalid");
    const stale = authenticator.copy(passkey);
    expect((await signIn(authenticator.use(await ask(), passkey))).status).toBe(200);
    const thief = authenticator.copy(passkey);
    for (const over of [
      { origin: "https://evil.example" },
      { rpId: "evil.example" },
      { userVerified: false },
      { counter: passkey.counter },
      { counter: 0 },
      { userHandle: Buffer.from(bo.account.accountId).toString("base64url") },
    ]) {
      const answer = await signIn(authenticator.use(await ask(), authenticator.copy(thief), over));
      expect([over, answer.status, answer.code]).toEqual([over, 401, "auth.passkey_invalid"]);
    }
    // A copy that was made earlier counts on from where it was.
    expect((await signIn(authenticator.use(await ask(), stale))).code).toBe("auth.passkey_invalid");
    // An answer to a challenge that this server never gave.
    const made = { publicKey: { challenge: Buffer.alloc(32, 7).toString("base64url") } };
    expect((await signIn(authenticator.use(made, passkey))).code).toBe("auth.passkey_invalid");
    // Bo's password with Ada's passkey.
    await add(bo, authenticator);
    const asked = (await callEndpoint(server.url, "login", { body: { login: "bo", password } })).body as Problem;
    const wrong = authenticator.use(await ask(), passkey, { counter: passkey.counter + 20 });
    const answer = await callEndpoint(server.url, "completeSignIn", {
      body: { pending: asked.pending, passkey: wrong },
    });
    expect(answer.body).toMatchObject({ code: "auth.passkey_invalid" });
    // An answer that makes a passkey does not use one.
    expect((await signIn({ ...good, id: "unknown", rawId: "unknown" })).code).toBe("auth.passkey_invalid");
  });
});

test("a server that is reached by numbers says that it cannot have passkeys", async () => {
  server = await startTestServer({ env: { PUBLIC_URL: "http://127.0.0.1:1" } });
  expect((await callEndpoint(`http://127.0.0.1:${server.port}`, "serverInfo")).body).toMatchObject({
    features: { passkeys: false, email: false },
  });
  const answer = await callEndpoint(`http://127.0.0.1:${server.port}`, "startPasskeySignIn");
  expect([answer.status, answer.body]).toMatchObject([409, { code: "passkey.not_possible" }]);
});
