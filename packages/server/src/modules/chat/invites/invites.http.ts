import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Invites } from "./invites.ts";

/** Mounts invite links. */
export function mountInvites(http: HttpFace, { invites, rooms }: { invites: Invites; rooms: Rooms }): void {
  http.mount("listInvites", async ({ account, params }) => ({ items: await invites.list(account(), params.roomId) }));
  http.mount("createInvite", ({ account, params, body }) => invites.create(account(), params.roomId, body));
  http.mount("revokeInvite", ({ account, params }) => invites.revoke(account(), params.roomId, params.inviteId));
  http.mount("getInvite", ({ caller, params }) => invites.preview(caller, params.token));
  http.mount("acceptInvite", async ({ account, params }) =>
    rooms.get(account(), await invites.accept(account(), params.token)),
  );
}
