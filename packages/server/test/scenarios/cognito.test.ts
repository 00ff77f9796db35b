import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, createBrowser } from "../support/browser.ts";
import { type CognitoLocal, startCognitoLocal } from "../support/cognito.local.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";

interface Tokens {
  AuthenticationResult?: { AccessToken: string; IdToken: string };
  ChallengeName?: string;
  Session?: string;
}

const PASSWORD = "Correct horse 9 battery";

describe.each(["sqlite", "postgres"] as const)("Amazon Cognito, by cognito-local, on %s", (engine) => {
  let cognito: CognitoLocal;
  let server: TestServer;
  beforeAll(async () => {
    cognito = await startCognitoLocal();
    server = await startTestServer({
      engine,
      env: {
        COGNITO_USER_POOL_ID: cognito.userPoolId,
        COGNITO_CLIENT_ID: cognito.clientId,
        COGNITO_ISSUER: cognito.issuer,
        COGNITO_DOMAIN: cognito.url,
        LIMIT_SIGN_INS_PER_MINUTE: "0",
      },
    });
    await cognito.call("UpdateUserPoolClient", {
      UserPoolId: cognito.userPoolId,
      ClientId: cognito.clientId,
      CallbackURLs: [`${server.url}/auth/cognito/callback`],
      AllowedOAuthFlows: ["code"],
      AllowedOAuthFlowsUserPoolClient: true,
    });
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await cognito?.stop();
  });

  const me = async (token: string) => {
    const answer = await fetch(`${server.url}/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
  async function signUp(username: string): Promise<void> {
    await cognito.call("SignUp", {
      ClientId: cognito.clientId,
      Username: username,
      Password: PASSWORD,
      UserAttributes: [{ Name: "email", Value: `${username}@people.example` }],
    });
    await cognito.call("ConfirmSignUp", {
      ClientId: cognito.clientId,
      Username: username,
      ConfirmationCode: cognito.codeFor(username),
    });
  }
  const signIn = (username: string) =>
    cognito.call<Tokens>("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: cognito.clientId,
      AuthParameters: { USERNAME: username, PASSWORD },
    });

  test("sign-up, confirmation, sign-in: both tokens of the pool are one account here", async () => {
    await signUp("grace");
    const { AuthenticationResult: tokens } = await signIn("grace");
    const first = await me(tokens?.AccessToken ?? "");
    expect([first.status, first.body.account]).toMatchObject([200, { handle: "grace", role: "owner" }]);
    const byId = await me(tokens?.IdToken ?? "");
    expect(byId.body.account.accountId).toBe(first.body.account.accountId);
    expect(byId.body.links).toMatchObject([{ provider: "cognito" }]);
    // Many at once with a new token: still one account, one session for the token.
    const { AuthenticationResult: more } = await signIn("grace");
    const all = await Promise.all(Array.from({ length: 5 }, () => me(more?.AccessToken ?? "")));
    expect(new Set(all.map(({ body }) => `${body.account.accountId} ${body.sessionId}`)).size).toBe(1);
  });

  test("its session can be ended here, and then the token is worth nothing here", async () => {
    await signUp("ended");
    const { AuthenticationResult: tokens } = await signIn("ended");
    const token = tokens?.AccessToken ?? "";
    const { body } = await me(token);
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${server.url}/api/auth/sessions/${body.sessionId}`, { method: "DELETE", headers });
    expect((await me(token)).status).toBe(401);
    const { AuthenticationResult: other } = await signIn("ended");
    expect((await me(other?.AccessToken ?? "")).body.account.accountId).toBe(body.account.accountId);
  });

  test("with an authenticator app", async () => {
    await signUp("totp");
    const { AuthenticationResult: before } = await signIn("totp");
    const { SecretCode } = await cognito.call<{ SecretCode: string }>("AssociateSoftwareToken", {
      AccessToken: before?.AccessToken,
    });
    const totp = new TOTP({ secret: SecretCode });
    await cognito.call("VerifySoftwareToken", { AccessToken: before?.AccessToken, UserCode: totp.generate() });
    await cognito.call("SetUserMFAPreference", {
      AccessToken: before?.AccessToken,
      SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    });
    const challenge = await signIn("totp");
    expect(challenge.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    const { AuthenticationResult: tokens } = await cognito.call<Tokens>("RespondToAuthChallenge", {
      ClientId: cognito.clientId,
      ChallengeName: "SOFTWARE_TOKEN_MFA",
      Session: challenge.Session,
      ChallengeResponses: { USERNAME: "totp", SOFTWARE_TOKEN_MFA_CODE: totp.generate() },
    });
    expect((await me(tokens?.AccessToken ?? "")).body.account.handle).toBe("totp");
  });

  test("the code grant of managed login, and the same person by bearer", async () => {
    await signUp("linus");
    const browser = createBrowser(new URL(server.url).origin);
    const there = await browser.visit(`${server.url}/auth/cognito?return_to=/rooms/general`);
    expect(there.location).toMatch(new RegExp(`^${cognito.url}/oauth2/authorize\\?`));
    const form = new URLSearchParams(new URL(there.location ?? "").search);
    form.set("username", "linus");
    form.set("password", PASSWORD);
    const answer = await fetch(`${cognito.url}/oauth2/authorize`, { method: "POST", body: form, redirect: "manual" });
    const back = await browser.visit(answer.headers.get("location") ?? "");
    expect([back.status, back.location]).toEqual([303, "/rooms/general"]);
    const session = await browser.visit(`${server.url}/api/auth/session`, { sameSite: true });
    expect(session.json.account.handle).toBe("linus");
    const { AuthenticationResult: tokens } = await signIn("linus");
    expect((await me(tokens?.IdToken ?? "")).body.account.accountId).toBe(session.json.account.accountId);
  });

  test("tokens of another client of the same pool do not count", async () => {
    const { UserPoolClient } = await cognito.call<{ UserPoolClient: { ClientId: string } }>("CreateUserPoolClient", {
      UserPoolId: cognito.userPoolId,
      ClientName: "another app",
    });
    await signUp("stranger");
    const { AuthenticationResult: tokens } = await cognito.call<Tokens>("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: UserPoolClient.ClientId,
      AuthParameters: { USERNAME: "stranger", PASSWORD },
    });
    for (const token of [tokens?.AccessToken ?? "", tokens?.IdToken ?? ""]) {
      expect((await me(token)).body.code).toBe("auth.token_invalid");
    }
  });
});
