import type { Caller } from "../../../platform/caller/caller.ts";

/** How many connections of this node each account and each address has. */
export class ConnectionCounts {
  private readonly accounts = new Map<string, number>();
  private readonly addresses = new Map<string, number>();

  add(caller: Caller): void {
    step(this.addresses, caller.addressHash, 1);
    if (caller.kind === "account") step(this.accounts, caller.accountId, 1);
  }

  remove(caller: Caller): void {
    step(this.addresses, caller.addressHash, -1);
    if (caller.kind === "account") step(this.accounts, caller.accountId, -1);
  }

  ofAccount(accountId: string): number {
    return this.accounts.get(accountId) ?? 0;
  }

  ofAddress(addressHash: string): number {
    return this.addresses.get(addressHash) ?? 0;
  }
}

function step(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
