import type { Hono } from "hono";
import { mountActions } from "../../harness/actions.ts";
import { assetPage } from "../../harness/assets.ts";
import type { Faults } from "../../harness/faults.ts";
import { subscriptionWire } from "../eventsub/subscriptions.ts";
import type { TwitchSimulator } from "../twitch.simulator.ts";
import { type TwitchAction, twitchAction } from "./actions.ts";
import { runControlPage } from "./control.script.ts";

/** What the control page needs of the simulator. */
export type ControlledTwitch = Pick<
  TwitchSimulator,
  "people" | "stage" | "eventsub" | "grants" | "appTokens" | "calls" | "revokeSubscriptions" | "revokeUser"
>;

const MOST_SHOWN = 30;

/** Mounts the control page at `/` and `/_simulator/`, and the actions behind it. `twitch` is asked when it is used. */
export function mountTwitchControl(app: Hono, twitch: () => ControlledTwitch & { url: string }, faults: Faults): void {
  mountActions<TwitchAction>(app, {
    action: twitchAction,
    act: (action) => act(twitch(), faults, action),
    state: () => state(twitch(), faults),
  });
  const page = assetPage(import.meta.dirname, "control.page", "Twitch (simulated)", runControlPage);
  for (const path of ["/", "/_simulator", "/_simulator/"]) app.get(path, (context) => context.html(page));
}

function act(twitch: ControlledTwitch & { url: string }, faults: Faults, action: TwitchAction): unknown {
  const { stage, eventsub } = twitch;
  const { dispatch, sockets } = eventsub;
  switch (action.action) {
    case "live": {
      const { action: _, login, ...options } = action;
      return stage.goLive(login, options);
    }
    case "end":
      return stage.end(action.login);
    case "flap":
      return stage.flap(action.login, { newId: action.newId });
    case "channel": {
      const { action: _, login, ...change } = action;
      return stage.changeChannel(login, change);
    }
    case "viewers":
      return stage.setViewers(action.login, action.viewers);
    case "lag":
      return stage.lag(action.startMs, action.endMs);
    case "record":
      return stage.record(action.on);
    case "lose":
      return dispatch.loseNext(action.count, action.type);
    case "delay":
      return dispatch.delay(action.ms);
    case "duplicate":
      return dispatch.duplicateNext(action.count);
    case "hold":
      return dispatch.hold();
    case "release":
      return dispatch.release(action.order);
    case "resend":
      return dispatch.resend(action.messageId);
    case "fail":
      return faults.add(action.fault);
    case "mend":
      return faults.clear();
    case "revokeSubscriptions":
      return twitch.revokeSubscriptions(action.login, action.status);
    case "revokeUser":
      return twitch.revokeUser(action.login);
    case "expireAppTokens":
      return twitch.appTokens.expireAll();
    case "expireUserTokens":
      return twitch.grants.expireAccessTokens(action.login && stage.person(action.login).id);
    case "dropSockets":
      return sockets.drop(action.code);
    case "askToReconnect":
      return sockets.askToReconnect(new URL(twitch.url).host);
    case "silence":
      return sockets.silence(action.on);
  }
}

function state({ people, stage, eventsub, calls }: ControlledTwitch, faults: Faults): object {
  const { subscriptions, sockets, conduits, dispatch } = eventsub;
  const all = subscriptions.all();
  return {
    people: people.map(({ id, login, displayName }) => ({
      login,
      displayName,
      channel: stage.channel(id),
      live: stage.live(id) ?? null,
    })),
    switches: dispatch.switches(),
    faults: faults.all(),
    subscriptions: all.map((each) => ({
      ...subscriptionWire(each),
      about: people.find(({ id }) => Object.values(each.condition).includes(id))?.displayName ?? "",
    })),
    sockets: sockets.all().map(({ id, connectedAt }) => ({ id, connectedAt })),
    conduits: conduits.all().map(({ id, shards }) => ({ id, shards: shards.map(({ status }) => status) })),
    deliveries: dispatch
      .deliveries()
      .slice(-MOST_SHOWN)
      .reverse()
      .map(({ event, ...rest }) => ({ ...rest, about: event["broadcaster_user_name"] ?? "" })),
    calls: calls.all(),
  };
}
