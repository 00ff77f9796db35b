import { hasRole, type Role } from "@foyer/protocol";

/** Who acts on whom. Roles as they are at this moment. */
export interface Act {
  actorRole: Role;
  targetRole: Role;
  /** True when both are the same person. */
  isSelf: boolean;
}

const isBelow = (role: Role, other: Role) => !hasRole(role, other);

/**
 * Roles are given to people below oneself, up to below oneself. Two things owners may do besides: make others owners,
 * and anybody may step down. Guests have no password and stay guests. Returns why not, or undefined.
 */
export function whyNotSetRole({ actorRole, targetRole, isSelf }: Act, role: Role): string | undefined {
  if (targetRole === "guest" || role === "guest") return "A guest cannot be given a role, nor an account made a guest.";
  if (isSelf) return isBelow(role, actorRole) || role === actorRole ? undefined : "Nobody raises themselves.";
  if (!isBelow(targetRole, actorRole)) return "Nobody acts on somebody of the same or a higher role.";
  if (isBelow(role, actorRole) || actorRole === "owner") return undefined;
  return "Nobody gives a role that is not below their own.";
}

/** Suspending, and lifting it: only of people below oneself. Returns why not, or undefined. */
export function whyNotSuspend({ actorRole, targetRole, isSelf }: Act): string | undefined {
  if (isSelf) return "Nobody suspends themselves.";
  return isBelow(targetRole, actorRole) ? undefined : "Nobody acts on somebody of the same or a higher role.";
}
