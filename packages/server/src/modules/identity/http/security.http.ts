import { isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { HttpContext, HttpFace } from "../../../transports/http/index.ts";
import type { AccountsStore } from "../accounts/accounts.store.ts";
import type { AuthenticatorApp } from "../factors/authenticator.app.ts";
import { type Passkeys, passkeyView } from "../factors/passkeys.ts";
import type { RecoveryCodes } from "../factors/recovery.codes.ts";
import type { SecondFactor } from "../factors/second.factor.ts";
import type { StepUp } from "../factors/step.up.ts";
import type { Post } from "../letters/post.ts";
import type { SignIn } from "../sessions/sign.in.ts";
import { give, visitOf } from "./visit.http.ts";

export interface SecurityHttpDeps {
  accounts: Pick<AccountsStore, "secretById">;
  signIn: SignIn;
  stepUp: StepUp;
  app: AuthenticatorApp;
  passkeys: Passkeys;
  recovery: RecoveryCodes;
  secondFactor: SecondFactor;
  post: Post;
  /** Throws `rate.limited` where one address begins with passkeys too often. */
  admitCeremony: (addressHash: string) => Promise<void>;
}

/** Mounts second factors, passkeys and the step-up. */
export function mountSecurity(http: HttpFace, deps: SecurityHttpDeps): void {
  const { signIn, stepUp, app, passkeys, recovery, secondFactor, post } = deps;

  /** The caller with an account of their own, after a fresh proof. */
  async function proven(context: Pick<HttpContext, "account">) {
    const caller = context.account();
    if (caller.role === "guest") throw new AppError("auth.forbidden", "Guests have nothing to guard.");
    await stepUp.require(caller);
    return caller;
  }

  http.mount("completeSignIn", async (context) => {
    const { pending, ...given } = context.body;
    return give(context, await signIn.complete(pending, given, visitOf(context)));
  });
  http.mount("startPasskeySignIn", async ({ addressHash }) => {
    await deps.admitCeremony(addressHash);
    const { publicKey, expiresAt } = await passkeys.ask();
    return { publicKey, expiresAt: isoTime(expiresAt) };
  });
  http.mount("passkeySignIn", async (context) =>
    give(context, await signIn.byPasskey(context.body.response, visitOf(context))),
  );

  http.mount("getSecurity", async ({ account }) => {
    const caller = account();
    const { accountId } = caller;
    const [known, totp, codes, keys, methods, second] = await Promise.all([
      deps.accounts.secretById(accountId),
      app.find(accountId),
      recovery.count(accountId),
      passkeys.list(accountId),
      stepUp.methods(accountId),
      secondFactor.methods(accountId),
    ]);
    if (known === undefined) throw new AppError("account.not_found", "There is no such account.");
    const { email, emailVerifiedAt } = known.account;
    const until = stepUp.until(caller);
    return {
      hasPassword: known.passwordHash !== null,
      secondFactor: second.length > 0,
      totp: totp === undefined ? null : { createdAt: isoTime(totp.createdAt), ...used(totp.lastUsedAt) },
      recoveryCodes: codes === undefined ? null : { left: codes.left, createdAt: isoTime(codes.createdAt) },
      passkeys: keys.map(passkeyView),
      email:
        email === null
          ? null
          : { address: email, ...(emailVerifiedAt == null ? {} : { verifiedAt: isoTime(emailVerifiedAt) }) },
      stepUp: { until: until === null ? null : isoTime(until), methods },
    };
  });

  http.mount("stepUp", async (context) => {
    const grant = await stepUp.prove(context.account(), context.body);
    const { token, expiresAt } = give(context, grant);
    return { token, expiresAt, stepUpUntil: isoTime(stepUp.until(grant.caller) ?? grant.expiresAt) };
  });

  http.mount("startTotp", async (context) => {
    const { expiresAt, ...begun } = await app.begin(await proven(context));
    return { ...begun, expiresAt: isoTime(expiresAt) };
  });
  http.mount("confirmTotp", async (context) => {
    const caller = await proven(context);
    await app.confirm(caller, context.body.code);
    post.changed(caller.accountId, "totp_on");
    const codes = await recovery.first(caller.accountId);
    return codes === undefined ? {} : { recoveryCodes: codes };
  });
  http.mount("removeTotp", async (context) => {
    const caller = await proven(context);
    await app.remove(caller);
    await secondFactor.tidy(caller.accountId);
    post.changed(caller.accountId, "totp_off");
  });
  http.mount("renewRecoveryCodes", async (context) => {
    const { accountId } = await proven(context);
    if ((await secondFactor.methods(accountId)).length === 0) {
      throw new AppError("totp.not_found", "Recovery codes stand in for a second factor: add one first.");
    }
    const codes = await recovery.renew(accountId);
    post.changed(accountId, "recovery_codes");
    return { recoveryCodes: codes };
  });

  http.mount("startPasskey", async (context) => {
    const { publicKey, expiresAt } = await passkeys.begin(await proven(context));
    return { publicKey, expiresAt: isoTime(expiresAt) };
  });
  http.mount("addPasskey", async (context) => {
    const caller = await proven(context);
    const passkey = await passkeys.add(caller, context.body.name, context.body.response);
    post.changed(caller.accountId, "passkey_added");
    const codes = await recovery.first(caller.accountId);
    return { passkey: passkeyView(passkey), ...(codes === undefined ? {} : { recoveryCodes: codes }) };
  });
  http.mount("renamePasskey", async ({ account, params, body }) =>
    passkeyView(await passkeys.rename(account(), params.passkeyId, body.name)),
  );
  http.mount("removePasskey", async (context) => {
    const caller = await proven(context);
    await passkeys.remove(caller, context.params.passkeyId);
    await secondFactor.tidy(caller.accountId);
    post.changed(caller.accountId, "passkey_removed");
  });
}

const used = (at: number | null) => (at === null ? {} : { lastUsedAt: isoTime(at) });
