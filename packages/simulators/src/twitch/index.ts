export type { EventDelivery } from "./eventsub/dispatch.ts";
export type { EventSub, EventSubRules } from "./eventsub/eventsub.ts";
export { signatureOf } from "./eventsub/signature.ts";
export type { Subscription } from "./eventsub/subscriptions.ts";
export type { Stage, TwitchChannel, TwitchStream } from "./stage/stage.ts";
export type { IssuedTokens, TokenRules, TwitchApp, TwitchUser } from "./twitch.grants.ts";
export { type TwitchPerson, twitchPeople } from "./twitch.people.ts";
export { startTwitch, type TwitchOptions, type TwitchSimulator } from "./twitch.simulator.ts";
