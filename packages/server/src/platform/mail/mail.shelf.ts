import type { SealedShelf } from "../vault/sealed.shelf.ts";
import type { MailOutboxStore } from "./mail.outbox.store.ts";
import { letterBinding } from "./sealed.letter.ts";

/** The letters that wait, for changing the keys below them. */
export function createMailShelf(store: MailOutboxStore): SealedShelf {
  return {
    countByKey: () => store.countByKey(),
    async underOtherKeys(keyId, after, limit) {
      const letters = await store.underOtherKeys(keyId, after ?? "", limit);
      return letters.map(({ id, accountId, sealed, keyId: under }) => ({
        cursor: id,
        keyId: under,
        secrets: [{ binding: letterBinding(accountId), sealed }],
        replace: ([fresh = ""], to) => store.reseal(id, sealed, { sealed: fresh, keyId: to }),
        // Nothing to mark: the outbox tries again until nobody wants the letter any more.
        lose: async () => {},
      }));
    },
  };
}
