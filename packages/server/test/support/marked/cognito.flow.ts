import { expect } from "vitest";
import type { MarkedWorld } from "./marked.world.ts";

interface Tokens {
  AuthenticationResult?: { AccessToken: string; IdToken: string; RefreshToken?: string };
}

/** Somebody of a user pool: by bearer tokens, good, of another client, altered; and by the code of managed login. */
export async function signInByCognito(world: MarkedWorld) {
  const { cognito, home, asker, search, noteToken, browser } = world;
  const { userPoolId: UserPoolId, clientId: ClientId } = cognito;
  const Password = `Aa1!${search.makePlain("password at Cognito")}`;
  const CallbackURLs = [`${home}/auth/cognito/callback`];
  const grant = { AllowedOAuthFlows: ["code"], AllowedOAuthFlowsUserPoolClient: true };
  await cognito.call("UpdateUserPoolClient", { UserPoolId, ClientId, CallbackURLs, ...grant });
  const email = `${search.makePlain("mail address at Cognito").toLowerCase()}@people.example`;
  search.note("mail address at Cognito", email);
  // What stands in its ID tokens: those of the code grant never come by here.
  search.noteInside("ID token of Cognito", email);
  const UserAttributes = [{ Name: "email", Value: email }];
  const { UserSub } = await cognito.call<{ UserSub: string }>("SignUp", {
    ClientId,
    Username: "grace",
    Password,
    UserAttributes,
  });
  search.noteInside("access token of Cognito", UserSub);
  await cognito.call("ConfirmSignUp", { ClientId, Username: "grace", ConfirmationCode: cognito.codeFor("grace") });

  async function tokensBy(client: string): Promise<string[]> {
    const AuthParameters = { USERNAME: "grace", PASSWORD: Password };
    const { AuthenticationResult } = await cognito.call<Tokens>("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: client,
      AuthParameters,
    });
    const { AccessToken = "", IdToken = "", RefreshToken } = AuthenticationResult ?? {};
    noteToken(`access token of Cognito for ${client}`, AccessToken);
    noteToken(`ID token of Cognito for ${client}`, IdToken);
    if (RefreshToken !== undefined) search.note(`refresh token of Cognito for ${client}`, RefreshToken);
    return [AccessToken, IdToken];
  }
  for (const token of await tokensBy(ClientId)) {
    expect((await asker.good("authMe", { as: token })).links).toMatchObject([{ provider: "cognito" }]);
    expect(await asker.refusal("authMe", { as: `${token}x` })).toBe("auth.token_invalid");
    await asker.raw("GET", `/api/rooms?token=${token}`);
  }
  const other = await cognito.call<{ UserPoolClient: { ClientId: string } }>("CreateUserPoolClient", {
    UserPoolId,
    ClientName: "another app",
  });
  for (const token of await tokensBy(other.UserPoolClient.ClientId)) {
    expect(await asker.refusal("authMe", { as: token })).toBe("auth.token_invalid");
  }

  const visitor = browser();
  for (const isGood of [true, false]) {
    const there = await visitor.visit(`${home}/auth/cognito?return_to=/rooms`);
    const form = new URLSearchParams(new URL(there.location ?? "").search);
    search.note(`state at Cognito, ${isGood}`, form.get("state") ?? "");
    form.set("username", "grace");
    form.set("password", Password);
    const answer = await fetch(`${cognito.url}/oauth2/authorize`, { method: "POST", body: form, redirect: "manual" });
    const back = new URL(answer.headers.get("location") ?? "nowhere:");
    search.note(`code of Cognito, ${isGood}`, back.searchParams.get("code") ?? "");
    if (!isGood) back.searchParams.set("code", search.makePlain("wrong code for Cognito"));
    expect((await visitor.visit(back.href)).status).toBe(isGood ? 303 : 400);
  }
}
