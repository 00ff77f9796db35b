import { hasRole, type Role, roles } from "@foyer/protocol/constants";

/** A role that can be given to somebody: guests are made, not appointed. */
export type GivenRole = Exclude<Role, "guest">;

/** Roles in words. */
export const roleTexts: Record<Role, string> = {
  owner: "Owner",
  admin: "Admin",
  moderator: "Moderator",
  member: "Member",
  guest: "Guest",
};

/** Roles that somebody of `held` may give: those below it, and an owner all of them. */
export function rolesToGive(held: Role): GivenRole[] {
  const below = roles.filter((role): role is GivenRole => role !== "guest" && !hasRole(role, held));
  return held === "owner" ? ["owner", ...below] : below;
}
