import { z } from "zod";
import type { SealedShelf } from "../../../platform/vault/sealed.shelf.ts";
import type { Sealed, Vault } from "../../../platform/vault/vault.ts";
import type { DevicesStore } from "./devices.store.ts";
import type { PushAddress } from "./push.service.port.ts";

const bindingOf = (accountId: string) => ({ accountId, provider: "push", purpose: "device" });
const shape = z.object({ endpoint: z.string(), p256dh: z.string(), auth: z.string() });

/** Whoever has an endpoint and its keys can write to a phone: both are kept sealed. */
export interface DeviceSeal {
  /** Throws VaultError. */
  seal(accountId: string, address: PushAddress): Promise<Sealed>;
  /** Throws VaultError. */
  open(accountId: string, sealed: string): Promise<PushAddress>;
}

export function createDeviceSeal(vault: Pick<Vault, "seal" | "open">): DeviceSeal {
  return {
    seal: (accountId, address) => vault.seal(bindingOf(accountId), JSON.stringify(address)),
    open: async (accountId, sealed) => shape.parse(JSON.parse(await vault.open(bindingOf(accountId), sealed))),
  };
}

/** The devices, for changing the keys below them. */
export function createDeviceShelf(store: DevicesStore): SealedShelf {
  return {
    countByKey: async () => (await store.countByKey()).map((use) => ({ ...use, lost: 0 })),
    async underOtherKeys(keyId, after, limit) {
      const records = await store.underOtherKeys(keyId, after ?? "", limit);
      return records.map(({ pushId, accountId, sealed, keyId: under }) => ({
        cursor: pushId,
        keyId: under,
        secrets: [{ binding: bindingOf(accountId), sealed }],
        replace: ([fresh = ""], to) => store.reseal(pushId, sealed, { sealed: fresh, keyId: to }),
        // Nothing to mark: a browser that opens a page subscribes anew.
        lose: async () => {},
      }));
    },
  };
}
