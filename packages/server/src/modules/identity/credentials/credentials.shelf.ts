import type { Clock } from "../../../platform/clock/clock.ts";
import type { SealedRecord, SealedShelf } from "../../../platform/vault/sealed.shelf.ts";
import type { Credential, CredentialsStore } from "./credentials.store.ts";
import type { LinkNews } from "./link.news.ts";
import type { LinkKey } from "./links.store.ts";
import { tokenBinding } from "./sealed.tokens.ts";

/** The credentials, for changing the keys below them. A refresh that is under way is left alone. */
export function createCredentialsShelf(deps: { store: CredentialsStore; news: LinkNews; clock: Clock }): SealedShelf {
  const { store, news, clock } = deps;

  function recordOf(credential: Credential): SealedRecord {
    const { accountId, provider, keyId, version, expiresAt } = credential;
    const key = { accountId, provider };
    const secrets = [{ binding: tokenBinding(key, "access"), sealed: credential.access }];
    if (credential.refresh !== null)
      secrets.push({ binding: tokenBinding(key, "refresh"), sealed: credential.refresh });
    return {
      cursor: JSON.stringify(key),
      keyId,
      secrets,
      replace: ([access = "", refresh = null], to) =>
        store.rewrap(key, version, { access, refresh, keyId: to, expiresAt }, clock.now()),
      async lose(failure) {
        if (failure === "key_unavailable") return;
        if (await store.markLost(key, version, clock.now())) await news.ended(key, failure, keyId);
      },
    };
  }

  return {
    countByKey: () => store.countByKey(),
    async underOtherKeys(keyId, after, limit) {
      const cursor = after === undefined ? undefined : (JSON.parse(after) as LinkKey);
      return (await store.underOtherKeys(keyId, cursor, limit)).map(recordOf);
    },
  };
}
