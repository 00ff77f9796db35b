import type { Role } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { createMemoryBus } from "../../../platform/bus/memory.bus.ts";
import type { Caller } from "../../../platform/caller/caller.ts";
import { silentLogger } from "../../../platform/logs/logger.ts";
import type { ChatConnection, ConnectionGateway } from "./connection.gateway.ts";
import { BusBroadcast } from "./room.broadcast.ts";

function callerOf(name: string, role: Role | null, addressHash: string): Caller {
  if (role === null) return { kind: "anonymous", addressHash };
  const profile = { accountId: name, handle: name, displayName: name };
  return { kind: "account", accountId: name, profile, role, sessionId: name, expiresAt: 4e12, addressHash };
}

describe("who is put out", () => {
  const people: [string, Role | null, string][] = [
    ["ada", "member", "home"],
    ["ada", "member", "cafe"],
    ["bob", "member", "cafe"],
    ["mo", "moderator", "cafe"],
    ["gus", "guest", "cafe"],
    ["nobody", null, "cafe"],
    ["nobody", null, "home"],
  ];

  function met(act: (broadcast: BusBroadcast) => void): string[] {
    const bus = createMemoryBus({ log: silentLogger() });
    const broadcast = new BusBroadcast(bus);
    const connections = people.map(([name, role, address]) => ({
      id: `${name}@${address}`,
      data: { caller: callerOf(name, role, address), rooms: new Set<string>(), typedAt: 0 },
    })) as ChatConnection[];
    const found: string[] = [];
    const gateway = {
      each: (visit: (connection: ChatConnection) => void) => connections.forEach(visit),
      close: (connectionId: string, code: number) => found.push(`${connectionId} ${code}`),
    } as unknown as ConnectionGateway;
    broadcast.attach(gateway, {
      unsubscribe: (connection, roomId) => void found.push(`${connection.id} ${roomId}`),
      changed: () => {},
    });
    act(broadcast);
    return found;
  }

  it("is one account wherever it is", () => {
    expect(met((broadcast) => broadcast.evict("den", { accountId: "ada" }))).toEqual(["ada@home den", "ada@cafe den"]);
    expect(met((broadcast) => broadcast.disconnect({ accountId: "mo" }, 4102))).toEqual(["mo@cafe 4102"]);
  });

  it("is everybody at one address but the staff", () => {
    const there = ["ada@cafe", "bob@cafe", "gus@cafe", "nobody@cafe"];
    expect(met((broadcast) => broadcast.evict("den", { addressHash: "cafe" }))).toEqual(there.map((id) => `${id} den`));
    expect(met((broadcast) => broadcast.disconnect({ addressHash: "cafe" }, 4102))).toEqual(
      there.map((id) => `${id} 4102`),
    );
  });

  it("is all guests, or everybody, of a room; and nobody of the server without a name", () => {
    expect(met((broadcast) => broadcast.evict("den", { guests: true }))).toEqual([
      "gus@cafe den",
      "nobody@cafe den",
      "nobody@home den",
    ]);
    expect(met((broadcast) => broadcast.evict("den", {}))).toHaveLength(people.length);
    expect(met((broadcast) => broadcast.disconnect({}, 4102))).toEqual([]);
  });
});
