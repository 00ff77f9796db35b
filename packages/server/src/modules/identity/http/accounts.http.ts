import type { Profile } from "@foyer/protocol";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { HttpFace } from "../../../transports/http/index.ts";
import type { Administration } from "../accounts/administration.ts";
import type { AuditTrail } from "../accounts/audit.trail.ts";

export interface AccountsHttpDeps {
  searchProfiles: (text: string, limit: number) => Promise<Profile[]>;
  findByHandles: (handles: readonly string[]) => Promise<Profile[]>;
  administration: Administration;
  auditTrail: AuditTrail;
}

/** Mounts what is tagged `accounts` and `admin`. */
export function mountAccounts(http: HttpFace, deps: AccountsHttpDeps): void {
  http.mount("searchAccounts", async ({ query }) => ({ items: await deps.searchProfiles(query.q, query.limit) }));
  http.mount("getAccountByHandle", async ({ params }) => {
    const [found] = await deps.findByHandles([params.handle]);
    if (found === undefined) throw new AppError("account.not_found", "There is no such account.");
    return found;
  });
  http.mount("listAccounts", ({ query }) =>
    deps.administration.list({ text: query.q, cursor: query.cursor, limit: query.limit }),
  );
  http.mount("updateAccount", ({ account, params, body }) =>
    deps.administration.update(account(), params.accountId, body),
  );
  http.mount("listAudit", ({ query }) => deps.auditTrail.list(query));
}
