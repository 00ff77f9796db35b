import { describe, expect, it } from "vitest";
import { planSubscriptions, type Way } from "./subscription.plan.ts";
import type { SubscriptionState } from "./subscriptions.store.ts";
import type { HeardType, TwitchSubscription } from "./twitch.port.ts";

const NOW = 10_000_000;
const callback = "https://foyer.example/webhooks/twitch";
const webhook: Way = { transport: { kind: "webhook", callback, secret: "s" }, key: "webhook k1" };
const conduit: Way = { transport: { kind: "conduit", conduitId: "c1" }, key: "conduit c1" };
const ada = { broadcasterId: "b1", twitchId: "1001" };

const at = (id: string, over: Partial<TwitchSubscription> = {}): TwitchSubscription => ({
  subscriptionId: id,
  type: "stream.online",
  version: "1",
  status: "enabled",
  twitchId: "1001",
  transport: "webhook",
  target: callback,
  createdAt: NOW - 1000,
  ...over,
});
const known = (id: string, over: Partial<SubscriptionState> = {}): SubscriptionState => ({
  broadcasterId: "b1",
  type: "stream.online",
  subscriptionId: id,
  transport: "webhook k1",
  status: "enabled",
  ...over,
});

/** What is done about ada's `stream.online`, as ids, and what is deleted besides. */
function plan(actual: TwitchSubscription[], knows: SubscriptionState[] = [], way = webhook, wanted = [ada]) {
  const { steps, surplus } = planSubscriptions({ wanted, known: knows, actual, way, now: NOW });
  const ids = (all: readonly TwitchSubscription[]) => all.map(({ subscriptionId }) => subscriptionId);
  const step = steps.find(({ type }) => type === "stream.online");
  return {
    keep: step?.keep?.subscriptionId,
    before: ids(step?.before ?? []),
    after: ids(step?.after ?? []),
    surplus: ids(surplus),
    types: steps.map(({ type }): HeardType => type),
  };
}

describe("the plan for EventSub subscriptions", () => {
  it("asks for all three types of everybody who is announced", () => {
    expect(plan([]).types).toEqual(["stream.online", "stream.offline", "channel.update"]);
    expect(plan([])).toMatchObject({ keep: undefined, before: [], after: [], surplus: [] });
  });

  it("keeps what is in order, and of several one that is enabled", () => {
    expect(plan([at("a")], [known("a")])).toMatchObject({ keep: "a", before: [], after: [] });
    const pending = at("a", { status: "webhook_callback_verification_pending" });
    expect(plan([pending, at("b")], [known("a"), known("b")])).toMatchObject({ keep: "b", after: ["a"] });
    expect(plan([pending], [known("a")])).toMatchObject({ keep: "a" });
    expect(plan([{ ...pending, createdAt: NOW - 600_000 }], [known("a")])).toMatchObject({ before: ["a"] });
  });

  it("makes anew what is dead, of an old version, or signed by another secret", () => {
    for (const status of [
      "notification_failures_exceeded",
      "authorization_revoked",
      "webhook_callback_verification_failed",
    ]) {
      expect(plan([at("a", { status })], [known("a")])).toMatchObject({ keep: undefined, before: ["a"] });
    }
    expect(plan([at("a", { version: "2" })], [known("a")])).toMatchObject({ keep: undefined, before: ["a"] });
    expect(plan([at("a")], [known("a", { transport: "webhook k0" })])).toMatchObject({ before: ["a"] });
    // Nobody remembers having made it: who knows by which secret it signs.
    expect(plan([at("a")])).toMatchObject({ keep: undefined, before: ["a"] });
  });

  it("takes what came by another way away only when the new one is there", () => {
    const old = at("a", { target: "https://old.example/webhooks/twitch" });
    expect(plan([old], [known("a", { transport: "webhook k0" })])).toMatchObject({ before: [], after: ["a"] });
    expect(plan([at("a")], [known("a")], conduit)).toMatchObject({ keep: undefined, before: [], after: ["a"] });
    const moved = at("b", { transport: "conduit", target: "c1" });
    expect(plan([at("a"), moved], [known("a")], conduit)).toMatchObject({ keep: "b", after: ["a"] });
  });

  it("never touches what another installation has made with the same application", () => {
    const theirs = [
      at("a", { target: "https://other.example/webhooks/twitch" }),
      at("b", { transport: "conduit", target: "c9" }),
      at("c", { type: "channel.raid", target: "https://other.example/hook", status: "authorization_revoked" }),
      at("d", { twitchId: "7777", target: "https://other.example/webhooks/twitch" }),
    ];
    expect(plan(theirs)).toMatchObject({ keep: undefined, before: [], after: [], surplus: [] });
  });

  it("takes away what is ours and about nobody who is announced, or of no type that is read", () => {
    const stray = [at("a", { twitchId: "7777" }), at("b", { type: "channel.raid" }), at("c", { twitchId: "" })];
    expect(plan([...stray, at("d")], [known("d")])).toMatchObject({ keep: "d", surplus: ["a", "b", "c"] });
    expect(plan([at("d")], [known("d")], webhook, [])).toMatchObject({ surplus: ["d"], types: [] });
  });
});
