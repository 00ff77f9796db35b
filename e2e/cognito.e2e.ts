import { afterAll, expect, test } from "vitest";
import { startCognitoLocal } from "../packages/server/test/support/cognito.local.ts";
import { named } from "./support/outside.ts";
import { composer } from "./support/room.ts";
import { freshServer } from "./support/servers.ts";
import { createStage } from "./support/stage.ts";
import { expectPath } from "./support/waiting.ts";

const poolPassword = "Correct horse 9 battery";

const cognito = await startCognitoLocal();
afterAll(() => cognito.stop());
const stage = createStage(
  freshServer({
    COGNITO_USER_POOL_ID: cognito.userPoolId,
    COGNITO_CLIENT_ID: cognito.clientId,
    COGNITO_ISSUER: cognito.issuer,
    COGNITO_DOMAIN: cognito.url,
  }),
);

/** Lets the pool send people back to the server of this test. */
async function letBack(): Promise<void> {
  await cognito.call("UpdateUserPoolClient", {
    UserPoolId: cognito.userPoolId,
    ClientId: cognito.clientId,
    CallbackURLs: [`${named(stage).baseURL}/auth/cognito/callback`],
    AllowedOAuthFlows: ["code"],
    AllowedOAuthFlowsUserPoolClient: true,
  });
}

/** Somebody new in the user pool, who has confirmed their address. */
async function inPool(username: string): Promise<void> {
  await cognito.call("SignUp", {
    ClientId: cognito.clientId,
    Username: username,
    Password: poolPassword,
    UserAttributes: [{ Name: "email", Value: `${username}@people.example` }],
  });
  await cognito.call("ConfirmSignUp", {
    ClientId: cognito.clientId,
    Username: username,
    ConfirmationCode: cognito.codeFor(username),
  });
}

test("somebody of the user pool comes in by Cognito's own page, twice, and is the same person here", async () => {
  await stage.person("ada");
  await letBack();
  const username = `linus-${crypto.randomUUID().slice(0, 8)}`;
  await inPool(username);
  const accounts: string[] = [];
  for (const next of ["/rooms/general", "/settings/sign-in"]) {
    const { page } = await stage.visitor(named(stage));
    await page.goto(next);
    await page.getByRole("link", { name: "Sign in with Amazon Cognito" }).click();
    const form = page.locator("form");
    await form.getByLabel("Username").fill(username);
    await form.getByLabel("Password").fill("not the password");
    await form.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Incorrect username or password.").waitFor();
    await form.getByLabel("Username").fill(username);
    await form.getByLabel("Password").fill(poolPassword);
    await form.getByRole("button", { name: "Sign in" }).click();
    await expectPath(page, next);
    if (next === "/rooms/general") await composer(page).waitFor();
    // Without a password the pool is the only way in, and the page says why it stays.
    else await page.getByText("This is your only way to sign in").waitFor();
    const session = (await (await page.request.get("/api/auth/session")).json()) as { account: { accountId: string } };
    accounts.push(session.account.accountId);
  }
  expect(new Set(accounts).size).toBe(1);
});

test("an account of this server connects its Cognito account in settings, and comes in by it afterwards", async () => {
  await letBack();
  const username = `edith-${crypto.randomUUID().slice(0, 8)}`;
  await inPool(username);
  const person = await stage.person("edith");
  const { page } = await stage.enter(person, named(stage));
  await page.goto("/settings/sign-in");
  await page.getByRole("button", { name: "Connect Amazon Cognito" }).click();
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(poolPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Amazon Cognito is connected").waitFor();

  const visitor = await stage.visitor(named(stage));
  await visitor.page.goto("/sign-in");
  await visitor.page.getByRole("link", { name: "Sign in with Amazon Cognito" }).click();
  await visitor.page.getByLabel("Username").fill(username);
  await visitor.page.getByLabel("Password").fill(poolPassword);
  await visitor.page.getByRole("button", { name: "Sign in" }).click();
  await composer(visitor.page).waitFor();
  const session = await visitor.page.request.get("/api/auth/session");
  expect(await session.json()).toMatchObject({ account: { accountId: person.account.accountId } });
});
