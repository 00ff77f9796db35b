import type { Profile, ServerFrame } from "@foyer/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { RoomPresence } from "./presence.ts";

const person = (name: string): Profile => ({ accountId: name, handle: name, displayName: name });

describe("RoomPresence", () => {
  let now: number;
  let frames: ServerFrame[];
  let presence: RoomPresence;

  beforeEach(() => {
    now = 0;
    frames = [];
    presence = new RoomPresence({
      clock: { now: () => now },
      leaseMs: 60_000,
      publish: (_roomId, frame) => void frames.push(frame),
    });
  });

  function tick(milliseconds: number): ServerFrame[] {
    now += milliseconds;
    frames = [];
    presence.tick();
    return frames;
  }

  it("tells who came once for several devices, and who went once all are gone", () => {
    presence.enter("hall", "c1", person("ada"));
    presence.enter("hall", "c2", person("ada"));
    presence.enter("hall", "c3", null);
    expect(presence.state("hall")).toEqual({ count: 2, accounts: [person("ada")] });
    expect(tick(1000)).toEqual([{ type: "presence", roomId: "hall", count: 2, joined: [person("ada")] }]);
    presence.end("c1");
    expect(tick(10_000)).toEqual([]);
    presence.leave("hall", "c2");
    expect(tick(1000)).toEqual([]);
    expect(tick(5000)).toEqual([{ type: "presence", roomId: "hall", count: 1, left: ["ada"] }]);
    expect(presence.online("hall")).toEqual(new Set());
  });

  it("makes no noise about somebody who comes back at once", () => {
    presence.enter("hall", "c1", person("ada"));
    tick(1000);
    presence.end("c1");
    tick(1000);
    presence.enter("hall", "c2", person("ada"));
    expect(tick(10_000)).toEqual([]);
    expect(presence.state("hall").count).toBe(1);
  });

  it("ends a lease that nobody renews", () => {
    presence.enter("hall", "c1", person("ada"));
    presence.enter("hall", "c2", person("bob"));
    tick(50_000);
    presence.renew("c2");
    tick(20_000);
    expect(tick(5000)).toEqual([{ type: "presence", roomId: "hall", count: 1, left: ["ada"] }]);
  });

  it("keeps only a count past 200", () => {
    for (let n = 0; n < 201; n += 1) presence.enter("hall", `c${n}`, person(`p${n}`));
    expect(presence.state("hall")).toEqual({ count: 201 });
    expect(presence.online("hall")).toBeNull();
    expect(tick(1000)).toEqual([{ type: "presence", roomId: "hall", count: 201 }]);
  });

  it("changes a visitor into an account when he signs in", () => {
    presence.enter("hall", "c1", null);
    presence.enter("hall", "c1", person("ada"));
    tick(10_000);
    expect(presence.state("hall")).toEqual({ count: 1, accounts: [person("ada")] });
  });
});
