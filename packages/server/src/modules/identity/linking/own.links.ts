import type {
  LinkList,
  IdentityLink as LinkView,
  PermissionLevel,
  SignInProvider as ProviderName,
} from "@foyer/protocol";
import type { Logger } from "pino";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { IdentityLink, LinksStore } from "../credentials/links.store.ts";
import { compareLevels, effectiveLevel, grantedLevel, isLevel } from "./permission.levels.ts";
import type { Providers } from "./providers.ts";
import { leadsInWithout, type UsableWays, type WaysInStore } from "./ways.in.store.ts";

export interface OwnLinksDeps {
  links: LinksStore;
  ways: WaysInStore;
  usable: () => UsableWays;
  providers: Providers;
  credentials: Pick<Credentials, "open">;
  audit: Audit;
  log: Logger;
}

/** What people do with their links. */
export interface OwnLinks {
  list(accountId: string): Promise<LinkList>;
  /** Gives the tokens back to the provider, too, where it can be reached. Throws `link.not_found`, `link.last_way_in`. */
  unlink(caller: AccountCaller, provider: ProviderName): Promise<void>;
  /**
   * Lowers the level at once. `needsGrant`: the provider has not granted so much yet and has to be asked; nothing was
   * changed. Throws `link.not_found`, `request.invalid` for a provider without levels.
   */
  setLevel(
    caller: AccountCaller,
    provider: ProviderName,
    level: PermissionLevel,
  ): Promise<{ link: LinkView; needsGrant: boolean }>;
  /** What Foyer may do at Twitch in the name of an account now; null: nothing. For tools, at every use. */
  permissionLevel(accountId: string): Promise<PermissionLevel | null>;
}

const GIVE_BACK_MS = 10_000;

export function createOwnLinks(deps: OwnLinksDeps): OwnLinks {
  const { links, ways, providers, credentials, audit, log } = deps;

  function view(link: IdentityLink): LinkView[] {
    const provider = providers.named(link.provider);
    // Links of a provider that is switched off stay, and come back with it.
    if (provider === undefined) return [];
    const { levels } = provider;
    return [
      {
        provider: provider.provider,
        providerName: provider.name,
        name: link.name,
        status: link.status,
        ...(levels !== undefined && isLevel(link.permissionLevel)
          ? { permissionLevel: link.permissionLevel, effectivePermissionLevel: effectiveLevel(levels, link) }
          : {}),
        scopes: link.scopes,
        linkedAt: isoTime(link.linkedAt),
      },
    ];
  }

  async function find(accountId: string, provider: ProviderName): Promise<IdentityLink> {
    const link = await links.find({ accountId, provider });
    if (link === undefined) throw missing();
    return link;
  }

  async function record(accountId: string, action: string, details: Record<string, string | null>): Promise<void> {
    await audit.record({ actorId: accountId, action, subject: { kind: "account", id: accountId }, details });
  }

  return {
    async list(accountId) {
      const [all, own] = await Promise.all([links.list(accountId), ways.ofAccount(accountId)]);
      const items = all.flatMap(view);
      // Where no link works any more, and nothing else is there, all stay; the first is named.
      const last = items.find(({ provider }) => !leadsInWithout(own, { provider }, deps.usable()));
      return { items, hasPassword: own.hasPassword, lastWayIn: last?.provider ?? null };
    },

    async unlink({ accountId }, provider) {
      const revoke = providers.named(provider)?.tokens?.revoke;
      // Before the link goes, and with it the token; whether it can be given back decides nothing.
      const token =
        revoke === undefined ? undefined : await credentials.open(accountId, provider).catch(() => undefined);
      const removed = await ways.removeUnlessLast(accountId, { provider }, deps.usable());
      if (removed === "unknown") throw missing();
      if (removed === "last") {
        throw new AppError(
          "link.last_way_in",
          "This is your only way to sign in. Set a password, add a passkey or link another account first.",
        );
      }
      await record(accountId, "link.removed", { provider });
      if (token === undefined) return;
      await revoke?.(token.accessToken, { signal: AbortSignal.timeout(GIVE_BACK_MS) }).catch((error: unknown) =>
        log.warn({ provider, reason: error instanceof Error ? error.name : "unknown" }, "A token was not given back"),
      );
    },

    async setLevel({ accountId }, provider, level) {
      const levels = providers.named(provider)?.levels;
      const link = await find(accountId, provider);
      if (levels === undefined) throw new AppError("request.invalid", "This provider has no permission levels.");
      const granted = link.status === "active" ? grantedLevel(levels, link.scopes) : null;
      if (granted === null || compareLevels(level, granted) > 0) return { link: one(view(link)), needsGrant: true };
      if (link.permissionLevel !== level) {
        await links.setPermissionLevel({ accountId, provider }, level);
        await record(accountId, "link.permission_level", { provider, before: link.permissionLevel, after: level });
      }
      return { link: one(view({ ...link, permissionLevel: level })), needsGrant: false };
    },

    async permissionLevel(accountId) {
      const levels = providers.named("twitch")?.levels;
      const link = levels === undefined ? undefined : await links.find({ accountId, provider: "twitch" });
      return levels === undefined || link === undefined ? null : effectiveLevel(levels, link);
    },
  };
}

const missing = () => new AppError("link.not_found", "There is no such link.");

function one<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw missing();
  return item;
}
