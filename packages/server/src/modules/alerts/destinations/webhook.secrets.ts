import type { Ids } from "../../../platform/clock/clock.ts";
import type { SealedShelf } from "../../../platform/vault/sealed.shelf.ts";
import type { Sealed, Vault } from "../../../platform/vault/vault.ts";
import type { DestinationsStore } from "./destinations.store.ts";

const bindingOf = (destinationId: string) => ({
  accountId: destinationId,
  provider: "webhook",
  purpose: "destination",
});

/** Keeps the addresses and secrets of webhooks: an address often holds a key of the receiver, too. */
export interface WebhookSecrets {
  /** A new secret for a webhook: `whsec_` and 32 random bytes, as Standard Webhooks has it. */
  make(): string;
  /** Throws VaultError. */
  seal(destinationId: string, content: { url: string; secret: string }): Promise<Sealed>;
  /** JSON of `{url, secret}`, as the sender takes it. Throws VaultError. */
  open(destinationId: string, sealed: string): Promise<string>;
}

export function createWebhookSecrets({
  vault,
  ids,
}: {
  vault: Pick<Vault, "seal" | "open">;
  ids: Ids;
}): WebhookSecrets {
  return {
    make: () => `whsec_${Buffer.from(ids.secret(32), "base64url").toString("base64")}`,
    seal: (destinationId, { url, secret }) => vault.seal(bindingOf(destinationId), JSON.stringify({ url, secret })),
    open: (destinationId, sealed) => vault.open(bindingOf(destinationId), sealed),
  };
}

/** The sealed addresses, for changing the keys below them. */
export function createWebhookShelf(store: DestinationsStore): SealedShelf {
  return {
    countByKey: async () => (await store.countByKey()).map((use) => ({ ...use, lost: 0 })),
    async underOtherKeys(keyId, after, limit) {
      const records = await store.underOtherKeys(keyId, after ?? "", limit);
      return records.map(({ destinationId, sealed, keyId: under }) => ({
        cursor: destinationId,
        keyId: under,
        secrets: [{ binding: bindingOf(destinationId), sealed }],
        replace: ([fresh = ""], to) => store.reseal(destinationId, sealed, { sealed: fresh, keyId: to }),
        // Nothing to mark: its deliveries wait, and say why.
        lose: async () => {},
      }));
    },
  };
}
