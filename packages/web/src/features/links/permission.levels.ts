import type { IdentityLink, PermissionLevel } from "@foyer/protocol";
import { permissionLevels } from "@foyer/protocol/constants";

/** All scopes of each level, as the server's offer tells them. */
export type LevelScopes = Partial<Record<PermissionLevel, readonly string[]>>;

/** What a level asks for beyond the level below it. */
export function addedScopes(levels: LevelScopes, level: PermissionLevel): readonly string[] {
  const below = permissionLevels[permissionLevels.indexOf(level) - 1];
  const had = new Set(below === undefined ? [] : levels[below]);
  return (levels[level] ?? []).filter((scope) => !had.has(scope));
}

/**
 * What choosing `level` takes: nothing, since it is so already; a change at once; or asking the provider, because it has
 * not granted all of it (or nothing any more).
 */
export function stepTo(link: IdentityLink, level: PermissionLevel, levels: LevelScopes): "none" | "at_once" | "ask" {
  const granted = new Set(link.scopes);
  const covered = link.status === "active" && (levels[level] ?? []).every((scope) => granted.has(scope));
  if (!covered) return "ask";
  return link.permissionLevel === level ? "none" : "at_once";
}

/** True when the provider has granted less than was chosen. */
export function isShort(link: IdentityLink): boolean {
  return link.permissionLevel !== undefined && link.effectivePermissionLevel !== link.permissionLevel;
}
