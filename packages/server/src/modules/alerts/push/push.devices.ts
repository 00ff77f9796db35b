import { createHash } from "node:crypto";
import type { PushDevice } from "@foyer/protocol";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Outgoing } from "../destinations/outgoing.port.ts";
import type { DeviceSeal } from "./device.seal.ts";
import type { DeviceRecord, DevicesStore } from "./devices.store.ts";

/** Phones and browsers of one account. */
const most = 10;

export interface PushDevicesDeps {
  store: DevicesStore;
  seal: DeviceSeal;
  outgoing: Outgoing;
  clock: Clock;
  ids: Ids;
}

/** Devices of people, by themselves. */
export interface PushDevices {
  list(caller: AccountCaller): Promise<PushDevice[]>;
  /** Throws `push.too_many`, `destination.blocked_address`. The same browser again is renewed. */
  add(
    caller: AccountCaller,
    subscription: { endpoint: string; keys: { p256dh: string; auth: string } },
    name: string,
  ): Promise<PushDevice>;
  /** Throws `push.not_found`. */
  remove(caller: AccountCaller, pushId: string): Promise<void>;
}

export function createPushDevices({ store, seal, outgoing, clock, ids }: PushDevicesDeps): PushDevices {
  return {
    list: async ({ accountId }) => (await store.list(accountId)).map(viewOf),

    async add({ accountId }, { endpoint, keys }, name) {
      if (!(await outgoing.permits(endpoint))) {
        throw new AppError("destination.blocked_address", "This push service cannot be reached from here.");
      }
      const { text, keyId } = await seal.seal(accountId, { endpoint, ...keys });
      const added = await store.put(
        {
          pushId: ids.uuid(),
          accountId,
          name,
          sealed: text,
          keyId,
          createdAt: clock.now(),
          lastSentAt: null,
          endpointHash: createHash("sha256").update(endpoint).digest("hex"),
        },
        most,
      );
      if (added === undefined) {
        throw new AppError("push.too_many", `An account has at most ${most} phones and browsers. Remove one first.`);
      }
      return viewOf(added);
    },

    async remove({ accountId }, pushId) {
      if (!(await store.remove(accountId, pushId))) throw new AppError("push.not_found", "There is no such device.");
    },
  };
}

function viewOf({ pushId, name, createdAt, lastSentAt }: DeviceRecord): PushDevice {
  return {
    pushId,
    name,
    createdAt: isoTime(createdAt),
    lastSentAt: lastSentAt === null ? null : isoTime(lastSentAt),
  };
}
