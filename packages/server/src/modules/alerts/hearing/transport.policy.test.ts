import { expect, it } from "vitest";
import { chooseTransport, isReachable } from "./transport.policy.ts";

it("takes a webhook only where Twitch can call", () => {
  for (const [address, reachable] of [
    ["https://foyer.example", true],
    ["https://foyer.example:443", true],
    ["https://foyer.example:8443", false],
    ["http://foyer.example", false],
    ["http://localhost:3000", false],
    ["https://localhost", false],
    ["https://dev.localhost", false],
    ["https://127.0.0.1", false],
    ["https://[::1]", false],
  ] as const) {
    expect([address, isReachable(address)]).toEqual([address, reachable]);
    expect(chooseTransport("auto", address).transport).toBe(reachable ? "webhook" : "conduit");
  }
});

it("does what it is told, and says why", () => {
  expect(chooseTransport("webhook", "http://localhost:3000")).toEqual({
    transport: "webhook",
    why: "TWITCH_EVENTSUB_TRANSPORT=webhook",
  });
  expect(chooseTransport("conduit", "https://foyer.example").transport).toBe("conduit");
  expect(chooseTransport("auto", "https://foyer.example").why).toContain("https://foyer.example");
});
