/** What Foyer asks to be told of: the types of EventSub, each for one broadcaster, with the version that it reads. */
export const heardTypes = { "stream.online": "1", "stream.offline": "1", "channel.update": "2" } as const;
export type HeardType = keyof typeof heardTypes;

/** A person at Twitch. */
export interface TwitchUser {
  twitchId: string;
  login: string;
  displayName: string;
  avatarUrl: string | null;
}

/** A stream that is live, as Get Streams shows it. `startedAt` in milliseconds since 1970. */
export interface TwitchStream {
  twitchId: string;
  twitchStreamId: string;
  title: string;
  game: string;
  language: string;
  tags: string[];
  viewers: number;
  startedAt: number;
  /** With `{width}x{height}` in it. */
  thumbnailUrl: string | undefined;
}

/** What a channel says of itself, live or not. */
export interface TwitchChannel {
  twitchId: string;
  title: string;
  game: string;
  language: string;
  tags: string[];
}

/** How events of one EventSub subscription come: as it is asked for. */
export type SubscriptionTransport =
  | { kind: "webhook"; callback: string; secret: string }
  | { kind: "conduit"; conduitId: string };

/**
 * An EventSub subscription of this application, also one that Foyer has not made. `target` is the callback or the
 * conduit. `twitchId` is empty where it is about no broadcaster. `status` in Twitch's words.
 */
export interface TwitchSubscription {
  subscriptionId: string;
  type: string;
  version: string;
  status: string;
  twitchId: string;
  transport: "webhook" | "conduit" | "websocket";
  target: string;
  createdAt: number;
}

/** Why Twitch does not make a subscription. `limit`: the application has too many. `callback`: it cannot be one. */
export type SubscriptionRefusal = "limit" | "callback" | "unauthorized" | "unknown";

/** How a subscription was asked for. `exists`: there is one like it already. */
export type Subscribed =
  | { kind: "made"; subscription: TwitchSubscription }
  | { kind: "exists" }
  | { kind: "refused"; reason: SubscriptionRefusal };

/**
 * What Foyer asks Twitch, in the name of the application. Limits of Twitch are kept ahead of time, and what fails by
 * the way is tried again a few times. Throws `provider.unavailable` when nothing comes of it.
 */
export interface TwitchApi {
  usersByIds(twitchIds: readonly string[]): Promise<TwitchUser[]>;
  usersByLogins(logins: readonly string[]): Promise<TwitchUser[]>;
  /** Those of them who are live. Any number of ids. */
  streams(twitchIds: readonly string[]): Promise<TwitchStream[]>;
  /** One channel, waited for no longer than `deadlineMs`, and asked before everything that can wait. */
  channel(twitchId: string, deadlineMs: number): Promise<TwitchChannel | undefined>;
  /** Address of the recording of a stream; undefined: there is none (yet). */
  recording(twitchId: string, twitchStreamId: string): Promise<string | undefined>;
  /** All of this application. */
  subscriptions(): Promise<TwitchSubscription[]>;
  subscribe(type: HeardType, twitchId: string, transport: SubscriptionTransport): Promise<Subscribed>;
  /** Also when it is gone already. */
  unsubscribe(subscriptionId: string): Promise<void>;
  /** Ids of the conduits of this application. */
  conduits(): Promise<string[]>;
  /** Id of a new conduit with one shard. Undefined: the application may have no more of them. */
  createConduit(): Promise<string | undefined>;
  /** Makes a socket the one shard of a conduit. False: there is no such conduit, or Twitch does not take the socket. */
  setShard(conduitId: string, sessionId: string): Promise<boolean>;
}

/** What an event says, in Foyer's words. `streamType`: `live` for what people mean by going live. */
export type Heard =
  | { type: "stream.online"; twitchStreamId: string; streamType: string; startedAt: number }
  | { type: "stream.offline" }
  | { type: "channel.update"; title: string; game: string; language: string };

/** An event as it came: the same `messageId` again is the same event again. `sentAt` in milliseconds since 1970. */
export interface HeardMessage {
  kind: "event";
  messageId: string;
  sentAt: number;
  twitchId: string;
  heard: Heard;
}

/** Something that EventSub sent. `other`: signed by Twitch, but nothing that Foyer knows to read. */
export type TwitchMessage =
  | HeardMessage
  | { kind: "challenge"; subscriptionId: string; challenge: string }
  | { kind: "revocation"; subscriptionId: string; type: string; status: string }
  | { kind: "other"; type: string };

/** Why a webhook is not believed. */
export type WebhookRefusal = "missing" | "mismatch" | "too_old";

/** Reads webhooks of Twitch. */
export interface TwitchWebhooks {
  /** Secret that new subscriptions get. */
  secret: string;
  /** Nothing in a request is looked at before its signature is good. */
  read(headers: Headers, body: Uint8Array): { refused: WebhookRefusal } | { message: TwitchMessage };
}

/** Who listens at a socket. */
export interface SocketListener {
  /** A session began that nothing is registered for. Rejects when it cannot be: then another socket is opened. */
  session(sessionId: string): Promise<void>;
  /** In the order in which Twitch sent them; the next waits for this. Must not reject. */
  message(message: TwitchMessage): Promise<void>;
  /** `lost`: nothing comes in from now on, until the next session. `why` is a word of ours. */
  lost(why: string): void;
}

/** A socket of EventSub that is kept open: whatever ends it, it is opened again. */
export interface TwitchSocket {
  /** Ends the socket, after what has come in was taken. */
  close(): Promise<void>;
}

/** All of Twitch that alerts need. Absent where Twitch is not configured. */
export interface Twitch {
  api: TwitchApi;
  webhooks: TwitchWebhooks;
  openSocket(listener: SocketListener): TwitchSocket;
}
