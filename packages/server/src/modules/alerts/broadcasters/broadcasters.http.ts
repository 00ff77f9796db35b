import type { AlertsStatus } from "@foyer/protocol";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { Broadcasters } from "./broadcasters.ts";
import type { StreamerInvites } from "./streamer.invites.ts";

/** Mounts streamers, their invites, and how alerts stand. */
export function mountBroadcasters(
  http: HttpFace,
  {
    broadcasters,
    invites,
    status,
  }: {
    broadcasters: Broadcasters;
    invites: StreamerInvites;
    status: (caller: AccountCaller) => Promise<AlertsStatus>;
  },
): void {
  http.mount("alertsStatus", ({ account }) => status(account()));
  http.mount("listGuildStreamers", async ({ account, params }) => ({
    items: await broadcasters.list(account(), params.guildId),
  }));
  http.mount("addGuildStreamer", ({ account, params, body }) =>
    broadcasters.add(account(), params.guildId, body.login),
  );
  http.mount("removeGuildStreamer", ({ account, params }) =>
    broadcasters.remove(account(), params.guildId, params.streamerId),
  );
  http.mount("listStreamers", async ({ account }) => ({ items: await broadcasters.listAll(account()) }));
  http.mount("getStreamer", ({ account, params }) => broadcasters.get(account(), params.streamerId));
  http.mount("listStreamerInvites", async ({ account, params }) => ({
    items: await invites.list(account(), params.guildId),
  }));
  http.mount("createStreamerInvite", ({ account, params, body }) => invites.create(account(), params.guildId, body));
  http.mount("revokeStreamerInvite", ({ account, params }) =>
    invites.revoke(account(), params.guildId, params.inviteId),
  );
  http.mount("getStreamerInvite", ({ caller, params }) => invites.preview(caller, params.token));
  http.mount("acceptStreamerInvite", ({ account, params }) => invites.accept(account(), params.token));
}
