import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { Messages } from "../chat.ports.ts";
import { listMembers, type MembersListDeps } from "./members.list.ts";
import type { Membership } from "./membership.ts";
import type { Rooms } from "./rooms.ts";

export interface RoomsFaceDeps {
  rooms: Rooms;
  membership: Membership;
  memberList: MembersListDeps;
  messages: Pick<Messages, "markRead">;
}

/** Mounts rooms and members. */
export function mountRooms(http: HttpFace, { rooms, membership, memberList, messages }: RoomsFaceDeps): void {
  http.mount("listRooms", async ({ caller }) => ({ items: await rooms.list(caller) }));
  http.mount("createRoom", ({ account, body }) => rooms.create(account(), body));
  http.mount("getRoom", ({ caller, params }) => rooms.get(caller, params.roomId));
  http.mount("updateRoom", ({ account, params, body }) => rooms.update(account(), params.roomId, body));
  http.mount("deleteRoom", ({ account, params }) => rooms.remove(account(), params.roomId));
  http.mount("joinRoom", async ({ account, params }) => {
    await membership.join(account(), params.roomId);
    return rooms.get(account(), params.roomId);
  });
  http.mount("leaveRoom", ({ account, params }) => membership.leave(account(), params.roomId));
  http.mount("listMembers", ({ caller, params, query }) => listMembers(memberList, caller, params.roomId, query));
  http.mount("removeMember", ({ account, params }) => membership.remove(account(), params.roomId, params.accountId));
  http.mount("markRoomRead", ({ account, params, body }) => messages.markRead(account(), params.roomId, body.offset));
}
