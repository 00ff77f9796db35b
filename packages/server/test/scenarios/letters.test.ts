import type { Account, AccountSecurity, Problem, StartedTotp } from "@foyer/protocol";
import { Secret, TOTP } from "otpauth";
import { afterEach, expect, test, vi } from "vitest";
import { eachEngine } from "../support/engines.ts";
import { type MailServer, startMailServer } from "../support/mail.server.ts";
import { callEndpoint, type Person, password, registerPerson } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";

/** Letters are written and sent in the background. */
const patience = { timeout: 10_000, interval: 25 };

let server: TestServer;
let mail: MailServer;
afterEach(async () => {
  await server.stop();
  await mail.stop();
});

function movingClock() {
  let ahead = 0;
  return { now: () => Date.now() + ahead, advance: (milliseconds: number) => void (ahead += milliseconds) };
}

async function start(engine: "sqlite" | "postgres") {
  const clock = movingClock();
  mail = await startMailServer();
  server = await startTestServer({
    engine,
    clock,
    env: { SMTP_URL: mail.url, MAIL_FROM: "Foyer <foyer@chat.example>", LIMIT_SIGN_INS_PER_MINUTE: "0" },
  });
  return clock;
}

async function join(handle: string, email: string): Promise<Person> {
  const person = await registerPerson(server.url, handle);
  expect((await person.call("updateProfile", [], { email })).status).toBe(200);
  return person;
}

const tokenIn = (text: string) => /#([\w-]{43})/.exec(text)?.[1] ?? "";
const call = async (name: Parameters<typeof callEndpoint>[1], body: object) => {
  const answer = await callEndpoint(server.url, name, { body });
  return { status: answer.status, body: answer.body as Problem & Account };
};
const login = (handle: string, secret = password) => call("login", { login: handle, password: secret });

eachEngine((engine) => {
  test("an address is shown to be one's own, once; another address makes it open again", async () => {
    await start(engine);
    const ada = await join("ada", "Ada@Example.org");
    const letter = await mail.letter(/verify-email/);
    expect([letter.from, letter.to]).toEqual(["foyer@chat.example", ["ada@example.org"]]);
    expect(letter.text).toMatch(/Subject: Confirm your e-mail address/);
    expect(letter.text).toContain(`${server.url}/verify-email#`);
    const token = tokenIn(letter.text);
    expect(await call("resetPassword", { token, newPassword: "another one 1" })).toMatchObject({
      body: { code: "email.token_invalid" },
    });
    expect(await call("verifyEmail", { token })).toMatchObject({ status: 200, body: { email: "ada@example.org" } });
    expect(await call("verifyEmail", { token })).toMatchObject({ status: 400, body: { code: "email.token_invalid" } });
    const security = (await ada.call("getSecurity")).body as AccountSecurity;
    expect(security.email?.verifiedAt).toBeDefined();
    await ada.call("updateProfile", [], { displayName: "Ada" });
    expect(((await ada.call("getSecurity")).body as AccountSecurity).email?.verifiedAt).toBeDefined();

    mail.letters.length = 0;
    await ada.call("updateProfile", [], { email: "new@example.org" });
    const told = await mail.letter(/address was changed/);
    expect(told.to).toEqual(["ada@example.org"]);
    const asked = await mail.letter(/verify-email/);
    expect(asked.to).toEqual(["new@example.org"]);
    await ada.call("updateProfile", [], { email: "newer@example.org" });
    expect(await call("verifyEmail", { token: tokenIn(asked.text) })).toMatchObject({ status: 400 });
    expect(((await ada.call("getSecurity")).body as AccountSecurity).email?.verifiedAt).toBeUndefined();
  });

  test("a new password by e-mail: one answer for everybody, one use, half an hour, and all sessions end", async () => {
    const clock = await start(engine);
    const ada = await join("ada", "ada@example.org");
    await mail.letter(/verify-email/);
    mail.letters.length = 0;
    const answers = [];
    for (const name of ["ada", "ada@example.org", "nobody", "nobody@example.org", "a@b@c"]) {
      const answer = await call("requestPasswordReset", { login: name });
      answers.push(JSON.stringify(answer));
      // Letters are written in the background: the second one shall come after the first.
      if (name === "ada") await mail.letter(/reset-password/);
    }
    expect([...new Set(answers)]).toEqual([JSON.stringify({ status: 204, body: null })]);
    const first = tokenIn(mail.letters[0]?.text ?? "");
    await vi.waitFor(() => expect(mail.letters).toHaveLength(2), patience);
    expect(mail.letters.map(({ to }) => to)).toEqual([["ada@example.org"], ["ada@example.org"]]);
    const second = tokenIn(mail.letters[1]?.text ?? "");
    const reset = (token: string) => call("resetPassword", { token, newPassword: "a new one 123" });
    // The newer letter made the older one worthless.
    expect(await reset(first)).toMatchObject({ status: 400, body: { code: "email.token_invalid" } });
    // A refused password does not use the link up.
    const common = await call("resetPassword", { token: second, newPassword: "password123" });
    expect(common).toMatchObject({ status: 400, body: { code: "account.password_common" } });
    const both = await Promise.all([reset(second), reset(second)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 400]);
    expect(await reset(second)).toMatchObject({ status: 400 });
    expect((await ada.call("listSessions")).body).toMatchObject({ code: "auth.token_invalid" });
    expect((await login("ada")).status).toBe(401);
    expect((await login("ada", "a new one 123")).status).toBe(200);
    expect((await mail.letter(/password was changed/)).to).toEqual(["ada@example.org"]);

    mail.letters.length = 0;
    await call("requestPasswordReset", { login: "ada" });
    const late = tokenIn((await mail.letter(/reset-password/)).text);
    clock.advance(1_800_000);
    expect(await reset(late)).toMatchObject({ status: 400 });
  });

  test("a new password by e-mail signs nobody in, and goes around no second factor", async () => {
    await start(engine);
    const ada = await join("ada", "ada@example.org");
    await mail.letter(/verify-email/);
    const { secret } = (await ada.call("startTotp")).body as StartedTotp;
    const codeAt = (timestamp: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
    expect((await ada.call("confirmTotp", [], { code: codeAt(Date.now()) })).status).toBe(200);
    await call("requestPasswordReset", { login: "ada" });
    const token = tokenIn((await mail.letter(/reset-password/)).text);
    const reset = await call("resetPassword", { token, newPassword: "a new one 123" });
    expect(reset).toEqual({ status: 204, body: null });
    const asked = await login("ada", "a new one 123");
    expect(asked).toMatchObject({ status: 401, body: { code: "auth.second_factor_required" } });
    const wrong = await call("completeSignIn", { pending: asked.body.pending ?? "", totp: "000000" });
    expect(wrong.body.code).toBe("auth.second_factor_invalid");
    // The clock of the app goes ahead by one step: the code of this one was used to turn it on.
    const right = { pending: asked.body.pending ?? "", totp: codeAt(Date.now() + 30_000) };
    expect((await call("completeSignIn", right)).status).toBe(200);
  });

  test("a sign-in from a new device is told, one from a known one is not", async () => {
    await start(engine);
    const ada = await join("ada", "ada@example.org");
    await call("verifyEmail", { token: tokenIn((await mail.letter(/verify-email/)).text) });
    mail.letters.length = 0;
    expect((await login("ada")).status).toBe(200);
    const from = (agent: string) =>
      fetch(`${server.url}/api/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": agent },
        body: JSON.stringify({ login: "ada", password }),
      });
    await from("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0");
    const letter = await mail.letter(/New sign-in/);
    expect(letter.text).toContain("Device: Firefox on Linux. Network: this machine.");
    await from("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0");
    // Whatever would be said of that one is said before what is said of the next.
    await from(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36",
    );
    await mail.letter(/Device: Chrome on Windows/);
    expect(mail.letters).toHaveLength(2);
    const sessions = (await ada.call("listSessions")).body as { items: { device: string; place?: string }[] };
    expect(sessions.items.map(({ place }) => place)).toContain("this machine");
  });

  test("a mail server that is slow, busy or away holds nobody up, and gets every letter in the end", async () => {
    const clock = await start(engine);
    const release = mail.hold();
    mail.refuse(451, 1);
    // The request is answered while the mail server has not even said that it is busy.
    await join("ada", "ada@example.org");
    await join("bo", "bo@example.org");
    expect(mail.letters).toEqual([]);
    release();
    // Each look moves the clock on to where what was put off is due again.
    await vi.waitFor(() => {
      clock.advance(10_000);
      expect(mail.letters.flatMap(({ to }) => to).sort()).toEqual(["ada@example.org", "bo@example.org"]);
    }, patience);
  });
});

test("names cannot become headers, and HTML in them stays text", async () => {
  await start("sqlite");
  const answer = await call("register", { handle: "eve", password, email: "eve@example.org\r\nBcc: all@example.org" });
  expect(answer).toMatchObject({ status: 400, body: { code: "request.invalid" } });
  for (const email of ['"x"@example.org', "a@example.org, b@example.org", "<a@example.org>", "a@b@example.org"]) {
    expect([email, (await call("register", { handle: "eve", password, email })).status]).toEqual([email, 400]);
  }
});

test("without a mail server those parts say so", async () => {
  mail = await startMailServer();
  server = await startTestServer();
  const ada = await registerPerson(server.url, "ada");
  expect((await callEndpoint(server.url, "serverInfo")).body).toMatchObject({ features: { email: false } });
  expect(await call("requestPasswordReset", { login: "ada" })).toMatchObject({
    body: { code: "email.not_configured" },
  });
  expect((await ada.call("requestEmailVerification")).body).toMatchObject({ code: "email.not_configured" });
});
