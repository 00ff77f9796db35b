/** A kind of event that can be subscribed to. */
export interface EventType {
  type: string;
  version: string;
  /** Keys of its condition that must be given; each is an id, but for `client_id` and `conduit_id`. */
  condition: readonly string[];
  optional?: readonly string[];
  /** What the broadcaster must have allowed the application. */
  scope?: string;
  /** Not over WebSocket. */
  webhookOnly?: boolean;
}

/** The kinds that alerts have to do with. */
export const eventTypes: readonly EventType[] = [
  { type: "stream.online", version: "1", condition: ["broadcaster_user_id"] },
  { type: "stream.offline", version: "1", condition: ["broadcaster_user_id"] },
  { type: "channel.update", version: "2", condition: ["broadcaster_user_id"] },
  {
    type: "channel.follow",
    version: "2",
    condition: ["broadcaster_user_id", "moderator_user_id"],
    scope: "moderator:read:followers",
  },
  { type: "user.update", version: "1", condition: ["user_id"] },
  { type: "user.authorization.grant", version: "1", condition: ["client_id"], webhookOnly: true },
  { type: "user.authorization.revoke", version: "1", condition: ["client_id"], webhookOnly: true },
  { type: "conduit.shard.disabled", version: "1", condition: ["client_id"], optional: ["conduit_id"] },
];
