import type { PermissionLevel } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { IdentityLink, LinksStore } from "../credentials/links.store.ts";
import type { Tokens } from "../credentials/token.provider.port.ts";
import { taken } from "./linking.errors.ts";
import type { SignInProvider } from "./sign.in.provider.port.ts";

export interface TokenKeeperDeps {
  links: LinksStore;
  credentials: Pick<Credentials, "save" | "open">;
  clock: Clock;
  log: Logger;
}

/** Whose tokens they are. */
export interface Holder {
  accountId: string;
  provider: SignInProvider;
  subject: string;
  name: string;
}

/** Decides what becomes of the tokens that a sign-in brought. */
export interface TokenKeeper {
  /**
   * Renews the link, and stores the tokens in the vault where the provider's are worth keeping. A sign-in never takes
   * anything away: tokens that allow less than the stored ones, which still work, are given back instead. Throws
   * `link.taken`, `vault.unavailable`.
   */
  keep(holder: Holder, level: PermissionLevel | null, tokens: Tokens): Promise<void>;
}

/** How long giving back a token may take: nobody waits for it. */
const GIVE_BACK_MS = 10_000;

export function createTokenKeeper({ links, credentials, clock, log }: TokenKeeperDeps): TokenKeeper {
  /** True while the stored tokens allow all that the new ones do and more. */
  async function isWiderStored(before: IdentityLink | undefined, granted: readonly string[]): Promise<boolean> {
    if (before?.status !== "active") return false;
    const held = new Set(before.scopes);
    if (held.size <= new Set(granted).size || !granted.every((scope) => held.has(scope))) return false;
    return credentials.open(before.accountId, before.provider).then(
      () => true,
      () => false,
    );
  }

  function giveBack(provider: SignInProvider, tokens: Tokens): void {
    const done = provider.tokens?.revoke?.(tokens.accessToken, { signal: AbortSignal.timeout(GIVE_BACK_MS) });
    done?.catch((error: unknown) =>
      log.warn(
        { provider: provider.provider, reason: error instanceof Error ? error.name : "unknown" },
        "A token that is not needed could not be given back",
      ),
    );
  }

  return {
    async keep({ accountId, provider, subject, name }, permissionLevel, tokens) {
      const key = { accountId, provider: provider.provider };
      const granted = tokens.scopes ?? [];
      const before = await links.find(key);
      const isWider = provider.tokens !== undefined && (await isWiderStored(before, granted));
      const scopes = isWider ? (before?.scopes ?? []) : granted;
      const stored = await links.put({ ...key, subject, name, permissionLevel, scopes }, clock.now());
      if (stored === "taken") {
        giveBack(provider, tokens);
        throw taken(provider.name);
      }
      if (isWider) giveBack(provider, tokens);
      else if (provider.tokens !== undefined) await credentials.save(accountId, provider.provider, tokens);
    },
  };
}
