import type { AlertsStatus } from "@foyer/protocol";
import type { HearingMemo } from "./hearing.memo.ts";
import type { SubscriptionsStore } from "./subscriptions.store.ts";

/** How hearing stands: the same answer on every node. */
export type HearingStatus = AlertsStatus["twitch"];

/** Undefined `deps`: Twitch is not configured. */
export async function hearingStatus(
  deps: { memo: HearingMemo; subscriptions: Pick<SubscriptionsStore, "countByStatus"> } | undefined,
): Promise<HearingStatus> {
  if (deps === undefined) {
    return { configured: false, transport: null, state: "off", problem: null, eventSubSubscriptions: 0 };
  }
  const [{ transport, connected, idle, problem }, counts] = await Promise.all([
    deps.memo.recall(),
    deps.subscriptions.countByStatus(),
  ]);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const enabled = counts.get("enabled") ?? 0;
  const isCut = transport === "conduit" && !connected && !idle;
  const isWaiting = all > enabled || transport === null || isCut;
  return {
    configured: true,
    transport,
    state: problem !== null ? "failing" : isWaiting ? "connecting" : "ok",
    problem,
    eventSubSubscriptions: enabled,
  };
}
