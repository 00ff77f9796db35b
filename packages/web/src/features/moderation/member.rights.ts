import type { Account, Member, Profile, RoomView } from "@foyer/protocol";
import { hasRole } from "@foyer/protocol/constants";

/** What may be done to somebody, as far as this side can know; the server has the last word. */
export interface MemberRights {
  sanction: boolean;
  remove: boolean;
  banFromServer: boolean;
  changeRole: boolean;
}

/**
 * Nobody acts on somebody of the same or a higher role; among equals of a private room its owner does. Somebody who is
 * no member has an unknown role: moderators may try.
 */
export function memberRights(
  self: Account | null,
  room: Pick<RoomView, "kind" | "rights">,
  person: Profile,
  member: Pick<Member, "role" | "roomRole"> | undefined,
): MemberRights {
  if (self === null || self.accountId === person.accountId) {
    return { sanction: false, remove: false, banFromServer: false, changeRole: false };
  }
  const above = member === undefined || !hasRole(member.role, self.role);
  const ownsRoom = room.kind === "private" && room.rights.manage && member !== undefined && member.role === self.role;
  const sanction = room.kind !== "direct" && room.rights.moderate && (above || ownsRoom);
  return {
    sanction,
    remove: sanction && member !== undefined && member.role !== "guest",
    banFromServer: hasRole(self.role, "moderator") && above,
    changeRole: hasRole(self.role, "admin") && member !== undefined && above && member.role !== "guest",
  };
}
