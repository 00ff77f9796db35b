import type { Role, TokenScope } from "@foyer/protocol";
import { hasRole } from "@foyer/protocol/constants";

/** Scopes that are of use to an account of `role`: no token gives more than the account itself may do. */
export function scopesFor(role: Role): TokenScope[] {
  return [
    "read",
    "write",
    // Whoever owns a private room moderates it, whatever their role.
    "moderate",
    ...(hasRole(role, "admin") ? (["admin"] as const) : []),
  ];
}
