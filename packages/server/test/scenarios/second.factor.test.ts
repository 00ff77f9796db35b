import type { AccountSecurity, Problem, SignedIn, StartedTotp, SteppedUp } from "@foyer/protocol";
import { Secret, TOTP } from "otpauth";
import { afterEach, expect, test } from "vitest";
import { eachEngine } from "../support/engines.ts";
import { callEndpoint, password, registerPerson } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";

let server: TestServer;
afterEach(() => server.stop());

/** A clock that goes on by itself and can be moved on. */
function movingClock() {
  let ahead = 0;
  return { now: () => Date.now() + ahead, advance: (milliseconds: number) => void (ahead += milliseconds) };
}
type MovingClock = ReturnType<typeof movingClock>;

const codeAt = (secret: string, at: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

/** A server whose answers to failed sign-ins say how long they would have waited, and do not. */
async function start(engine: "sqlite" | "postgres", env: Record<string, string> = {}) {
  const clock = movingClock();
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  server = await startTestServer({ engine, clock, wait, env: { LIMIT_SIGN_INS_PER_MINUTE: "0", ...env } });
  return { ...clock, waits };
}

async function enrol(handle: string, clock: MovingClock) {
  const person = await registerPerson(server.url, handle);
  const begun = (await person.call("startTotp")).body as StartedTotp;
  const confirmed = await person.call("confirmTotp", [], { code: codeAt(begun.secret, clock.now()) });
  if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
  const { recoveryCodes } = confirmed.body as { recoveryCodes: string[] };
  return { person, secret: begun.secret, uri: begun.uri, recoveryCodes };
}

async function login(handle: string, more: object = {}, secret = password) {
  const answer = await callEndpoint(server.url, "login", { body: { login: handle, password: secret, ...more } });
  return { ...(answer.body as SignedIn & Problem), status: answer.status };
}

const complete = async (pending: string | undefined, factor: object) => {
  const answer = await callEndpoint(server.url, "completeSignIn", { body: { pending, ...factor } });
  return { ...(answer.body as SignedIn & Problem), status: answer.status };
};

const securityOf = async (token: string) =>
  (await callEndpoint(server.url, "getSecurity", { token })).body as AccountSecurity;

eachEngine((engine) => {
  test("an authenticator app: enrolled, asked for, each code once, also by two browsers at once", async () => {
    const clock = await start(engine);
    const { person, secret, uri, recoveryCodes } = await enrol("ada", clock);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Foyer.*ada\?/);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(recoveryCodes[0]).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}$/);
    expect(await securityOf(person.token)).toMatchObject({
      secondFactor: true,
      recoveryCodes: { left: 10 },
      stepUp: { methods: ["totp", "recovery_code"] },
    });
    expect((await person.call("startTotp")).body).toMatchObject({ code: "totp.already_on" });

    const asked = await login("ada");
    expect(asked).toMatchObject({
      status: 401,
      code: "auth.second_factor_required",
      methods: ["totp", "recovery_code"],
    });
    // The code of the enrolment is used up.
    expect(await login("ada", { totp: codeAt(secret, clock.now()) })).toMatchObject({
      code: "auth.second_factor_invalid",
    });
    clock.advance(30_000);
    const code = codeAt(secret, clock.now());
    const both = await Promise.all([login("ada", { totp: code }), complete(asked.pending, { totp: code })]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    // Replayed: by the same way and the other one.
    expect(await login("ada", { totp: code })).toMatchObject({ code: "auth.second_factor_invalid" });
    const again = (await login("ada")).pending;
    expect(await complete(again, { totp: code })).toMatchObject({ code: "auth.second_factor_invalid" });
    clock.advance(30_000);
    // One step of clock drift is let through; then the same pending sign-in is used up.
    const late = codeAt(secret, clock.now() + 30_000);
    expect((await complete(again, { totp: ` ${late.slice(0, 3)} ${late.slice(3)}` })).status).toBe(200);
    clock.advance(60_000);
    const next = codeAt(secret, clock.now());
    expect(await complete(again, { totp: next })).toMatchObject({ code: "auth.token_expired" });
    expect((await login("ada", { totp: next })).status).toBe(200);
  });

  test("nobody learns from a sign-in who has a second factor, or whether a code is right, without the password", async () => {
    const clock = await start(engine);
    const { secret } = await enrol("ada", clock);
    await registerPerson(server.url, "bo");
    clock.advance(30_000);
    const totp = codeAt(secret, clock.now());
    const answers = [
      await login("ada", {}, "wrong password"),
      await login("ada", { totp }, "wrong password"),
      await login("ada", { totp: "000000" }, "wrong password"),
      await login("bo", { totp }, "wrong password"),
      await login("nobody", { totp }, "wrong password"),
      await login("nobody", { recoveryCode: "aaaa-bbbb-cccc-dddd" }, "wrong password"),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: "auth.invalid_credentials" });
    // The code was not used up by somebody without the password.
    expect((await login("ada", { totp })).status).toBe(200);
  });

  test("wrong codes are locked out, for the right one as well, until it is over", async () => {
    const clock = await start(engine);
    const { secret } = await enrol("ada", clock);
    clock.advance(30_000);
    const right = codeAt(secret, clock.now());
    const wrong = right === "111111" ? "222222" : "111111";
    for (let tries = 0; tries < 10; tries++) {
      expect(await login("ada", { totp: wrong })).toMatchObject({ status: 401, code: "auth.second_factor_invalid" });
    }
    // The first three are answered at once, and then each waits longer, as after wrong passwords.
    expect(clock.waits).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
    expect(await login("ada", { totp: right })).toMatchObject({ status: 429, code: "rate.limited" });
    clock.advance(61_000);
    expect((await login("ada", { totp: codeAt(secret, clock.now()) })).status).toBe(200);
  });

  test("a recovery code signs in once, however it is typed; a stolen list ends with new ones", async () => {
    const clock = await start(engine);
    const { recoveryCodes } = await enrol("ada", clock);
    const [first = "", second = "", third = ""] = recoveryCodes;
    const typed = first.toUpperCase().replaceAll("-", " ").replaceAll("0", "O").replaceAll("1", "l");
    const signed = await login("ada", { recoveryCode: typed });
    expect(signed.status).toBe(200);
    expect(await login("ada", { recoveryCode: first })).toMatchObject({ code: "auth.second_factor_invalid" });
    const both = await Promise.all([1, 2].map(() => login("ada", { recoveryCode: second })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect((await securityOf(signed.token)).recoveryCodes?.left).toBe(8);
    const renewed = await callEndpoint(server.url, "renewRecoveryCodes", { token: signed.token });
    expect((renewed.body as { recoveryCodes: string[] }).recoveryCodes).toHaveLength(10);
    expect(await login("ada", { recoveryCode: third })).toMatchObject({ code: "auth.second_factor_invalid" });
  });

  test("step-up: no dangerous act without a fresh proof, no way round it, and the session is another one after", async () => {
    const clock = await start(engine);
    const { person: ada, secret } = await enrol("ada", clock);
    const bo = await registerPerson(server.url, "bo");
    const acts = (token: string) =>
      Promise.all([
        callEndpoint(server.url, "updateAccount", { token, path: [bo.account.accountId], body: { role: "owner" } }),
        callEndpoint(server.url, "removeTotp", { token }),
        callEndpoint(server.url, "renewRecoveryCodes", { token }),
        callEndpoint(server.url, "startPasskey", { token }),
        callEndpoint(server.url, "createToken", { token, body: { name: "x", scopes: ["admin"] } }),
        callEndpoint(server.url, "exportAccount", { token }),
        callEndpoint(server.url, "deleteAccount", { token, body: { handle: "ada", messages: "erase" } }),
        callEndpoint(server.url, "updateProfile", { token, body: { email: "thief@example.org" } }),
      ]);
    clock.advance(600_001);
    for (const { status, body } of await acts(ada.token)) {
      expect([status, body]).toMatchObject([
        403,
        { code: "auth.step_up_required", methods: ["totp", "recovery_code"] },
      ]);
    }
    const prove = (proof: object, token = ada.token) => callEndpoint(server.url, "stepUp", { token, body: proof });
    // A password that somebody watched is not enough where there is a second factor.
    expect((await prove({ password })).body).toMatchObject({ code: "auth.second_factor_required" });
    expect((await prove({ totp: "000000" })).body).toMatchObject({ code: "auth.second_factor_invalid" });
    expect((await prove({})).body).toMatchObject({ code: "request.invalid" });
    expect((await prove({ password, totp: codeAt(secret, clock.now()) })).body).toMatchObject({
      code: "request.invalid",
    });
    const proven = await prove({ totp: codeAt(secret, clock.now()) });
    const { token } = proven.body as SteppedUp;
    // Whoever had fixed or stolen the old session has nothing.
    expect((await ada.call("getSecurity")).body).toMatchObject({ code: "auth.token_invalid" });
    expect((await prove({ password })).body).toMatchObject({ code: "auth.token_invalid" });
    const before = await callEndpoint(server.url, "listSessions", { token });
    expect((before.body as { items: unknown[] }).items).toHaveLength(1);
    expect((await callEndpoint(server.url, "removeTotp", { token })).status).toBe(204);
    expect((await securityOf(token)).recoveryCodes).toBeNull();
    expect((await login("ada")).status).toBe(200);
    clock.advance(600_001);
    expect((await callEndpoint(server.url, "exportAccount", { token })).body).toMatchObject({
      code: "auth.step_up_required",
      methods: ["password"],
    });
  });

  test("a new owner proves who they are before they use it; a demoted role is not asked, but refused", async () => {
    const clock = await start(engine);
    const ada = await registerPerson(server.url, "ada");
    const bo = await registerPerson(server.url, "bo");
    const cy = await registerPerson(server.url, "cy");
    const make = (token: string, whom: string) =>
      callEndpoint(server.url, "updateAccount", { token, path: [whom], body: { role: "owner" } });
    expect((await make(bo.token, cy.account.accountId)).body).toMatchObject({ code: "auth.forbidden" });
    expect((await make(ada.token, bo.account.accountId)).status).toBe(200);
    expect((await make(bo.token, cy.account.accountId)).body).toMatchObject({ code: "auth.step_up_required" });
    const proven = await callEndpoint(server.url, "stepUp", { token: bo.token, body: { password } });
    expect((await make((proven.body as SteppedUp).token, cy.account.accountId)).status).toBe(200);
    clock.advance(1);
  });
});
