import { AppError } from "../../../platform/errors/app.error.ts";
import type { HttpFace } from "../../../transports/http/index.ts";
import type { StepUp } from "../factors/step.up.ts";
import type { AccountExport } from "../leaving/export.ts";
import type { Leaving } from "../leaving/leaving.ts";
import type { Addresses } from "../letters/addresses.ts";
import type { ProgramTokens } from "../programs/program.tokens.ts";

export interface KeepingHttpDeps {
  addresses: Addresses;
  programs: ProgramTokens;
  stepUp: StepUp;
  accountExport: AccountExport;
  leaving: Leaving;
}

/** Mounts what e-mails lead to, tokens for programs, the export of an account and its end. */
export function mountKeeping(http: HttpFace, deps: KeepingHttpDeps): void {
  const { addresses, programs, stepUp, accountExport, leaving } = deps;

  http.mount("requestPasswordReset", ({ body, addressHash }) => addresses.requestReset(body.login, addressHash));
  http.mount("resetPassword", ({ body, addressHash }) => addresses.reset(body.token, body.newPassword, addressHash));
  http.mount("requestEmailVerification", ({ account }) => addresses.requestVerification(account()));
  http.mount("verifyEmail", ({ body }) => addresses.verify(body.token));

  http.mount("listTokens", async ({ account }) => ({ items: await programs.list(account().accountId) }));
  http.mount("createToken", async ({ account, body }) => {
    const caller = account();
    if (caller.role === "guest") throw new AppError("auth.forbidden", "Guests have no programs.");
    if (body.scopes.includes("admin")) await stepUp.require(caller);
    return programs.create(caller, body);
  });
  http.mount("revokeToken", ({ account, params }) => programs.revoke(account(), params.tokenId));

  http.mount("exportAccount", async ({ account }) => {
    const caller = account();
    await stepUp.require(caller);
    return accountExport.begin(caller);
  });
  http.mount("deleteAccount", async ({ account, body, clearSession }) => {
    const caller = account();
    await stepUp.require(caller);
    await leaving.leave(caller, body);
    clearSession();
  });
}
