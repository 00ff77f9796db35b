import { type PermissionLevel, permissionLevels } from "@foyer/protocol";

/** Scopes of each level, all that it takes. */
export type LevelScopes = Readonly<Record<PermissionLevel, readonly string[]>>;

/** True for a text that names a level. */
export function isLevel(text: string | null | undefined): text is PermissionLevel {
  return permissionLevels.some((level) => level === text);
}

/** Less than zero when `a` is below `b`, zero when they are the same. */
export function compareLevels(a: PermissionLevel, b: PermissionLevel): number {
  return permissionLevels.indexOf(a) - permissionLevels.indexOf(b);
}

/** The highest level whose scopes were all granted; null when not even the lowest was. */
export function grantedLevel(levels: LevelScopes, granted: readonly string[]): PermissionLevel | null {
  const scopes = new Set(granted);
  return permissionLevels.findLast((level) => levels[level].every((scope) => scopes.has(scope))) ?? null;
}

/** What really may be done: the chosen level or what the grant allows, whichever is less. */
export function effectiveLevel(
  levels: LevelScopes,
  link: { status: "active" | "revoked"; permissionLevel: string | null; scopes: readonly string[] },
): PermissionLevel | null {
  const granted = link.status === "active" ? grantedLevel(levels, link.scopes) : null;
  if (granted === null || !isLevel(link.permissionLevel)) return null;
  return compareLevels(granted, link.permissionLevel) < 0 ? granted : link.permissionLevel;
}
