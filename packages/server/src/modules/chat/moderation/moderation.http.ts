import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { Filters } from "./filters.ts";
import type { Reports } from "./reports.ts";
import type { Sanctions } from "./sanctions.ts";

export interface ModerationFaceDeps {
  sanctions: Sanctions;
  reports: Reports;
  filters: Filters;
}

/**
 * Mounts moderation. What belongs to the whole server (bans of it, reports, filters) asks in the endpoints table for
 * the role of a moderator, which the pipeline checks before a handler runs.
 */
export function mountModeration(http: HttpFace, { sanctions, reports, filters }: ModerationFaceDeps): void {
  http.mount("muteMember", ({ account, params, body }) => sanctions.mute(account(), params.roomId, body));
  http.mount("unmuteMember", ({ account, params }) => sanctions.unmute(account(), params.roomId, params.accountId));
  http.mount("listBans", async ({ account, params }) => ({ items: await sanctions.bans(account(), params.roomId) }));
  http.mount("banMember", ({ account, params, body }) => sanctions.ban(account(), params.roomId, body));
  http.mount("liftBan", ({ account, params }) => sanctions.liftBan(account(), params.roomId, params.banId));
  http.mount("listServerBans", async () => ({ items: await sanctions.serverBans() }));
  http.mount("banFromServer", ({ account, body }) => sanctions.banFromServer(account(), body));
  http.mount("liftServerBan", ({ account, params }) => sanctions.liftServerBan(account(), params.banId));
  http.mount("reportMessage", ({ account, params, body }) =>
    reports.report(account(), params.roomId, params.messageId, body.reason ?? ""),
  );
  http.mount("listReports", ({ query }) => reports.list(query));
  http.mount("closeReport", ({ account, params, body }) => reports.close(account(), params.reportId, body.outcome));
  http.mount("listWordFilters", async () => ({ items: await filters.list() }));
  http.mount("createWordFilter", ({ account, body }) => filters.create(account(), body));
  http.mount("deleteWordFilter", ({ account, params }) => filters.remove(account(), params.filterId));
}
