import { describe, expect, it } from "vitest";
import { departure } from "./departure.ts";

describe("leaving for a provider", () => {
  it("comes back to where one wanted to go, else to the rooms", () => {
    expect(departure("/auth/twitch", "/rooms/general?message=1")).toBe(
      "/auth/twitch?return_to=%2Frooms%2Fgeneral%3Fmessage%3D1",
    );
    expect(departure("/auth/twitch", undefined)).toBe("/auth/twitch?return_to=%2F");
  });

  it("takes an invite along, which opens a closed door", () => {
    expect(new URLSearchParams(departure("/auth/oidc", "/invite/a%2Bb").split("?")[1]).get("invite")).toBe("a+b");
  });
});
