/** How an account can sign in. */
export interface WaysIn {
  hasPassword: boolean;
  /** Links: those that work lead in, if the server still has their provider. */
  links: { provider: string; isActive: boolean }[];
  /** Their ids. */
  passkeys: string[];
}

/** What of it leads in on this server as it is set up now. */
export interface UsableWays {
  /** Names of the providers that are set up. */
  providers: readonly string[];
  /** False where the address of the server allows no passkeys. */
  passkeys: boolean;
}

/** One of the ways in. */
export type WayIn = { provider: string } | { passkeyId: string };

/** What is left to somebody who wants to sign in. */
export interface WaysInStore {
  ofAccount(accountId: string): Promise<WaysIn>;
  /**
   * Removes the link, and what is stored for it, or the passkey, unless nothing usable would be left to sign in by. Two
   * who do so at once for two ways of one account never remove both.
   */
  removeUnlessLast(accountId: string, way: WayIn, usable: UsableWays): Promise<"removed" | "last" | "unknown">;
}

/** True when somebody could still sign in without that way. */
export function leadsInWithout(ways: WaysIn, way: WayIn, usable: UsableWays): boolean {
  if (ways.hasPassword) return true;
  const removed = {
    link: "provider" in way ? way.provider : undefined,
    key: "passkeyId" in way ? way.passkeyId : undefined,
  };
  return (
    ways.links.some(
      (link) => link.isActive && link.provider !== removed.link && usable.providers.includes(link.provider),
    ) ||
    (usable.passkeys && ways.passkeys.some((id) => id !== removed.key))
  );
}
