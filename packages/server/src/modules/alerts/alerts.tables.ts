import type { Generated } from "kysely";

/** The tables of the alerts. Times are milliseconds since 1970; JSON is text. */
export interface AlertsTables {
  /** When this database was put back from a backup, in milliseconds since 1970: nobody knows what was sent before. */
  alert_restores: { restored_at: number };
  /** Discord servers that Foyer knows, and `here`. */
  guilds: {
    guild_id: string;
    name: string;
    icon_url: string | null;
    bot_installed: number;
    /** `GuildConfig` and the template, each null for the default. */
    template: string | null;
    mention: string | null;
    end_action: string | null;
    reannounce_minutes: number | null;
    max_edits: number | null;
    created_at: number;
    removed_at: number | null;
  };
  broadcasters: {
    broadcaster_id: string;
    twitch_id: string;
    login: string;
    display_name: string;
    avatar_url: string | null;
    account_id: string | null;
    added_by: "invite" | "name";
    created_at: number;
  };
  /** Roles in Discord that Foyer made for the followers of one broadcaster in one guild. */
  follower_roles: {
    guild_id: string;
    broadcaster_id: string;
    role_id: string | null;
    /** Since when nothing mentions it any more; null: it is wanted. */
    unwanted_at: number | null;
    problem: string | null;
    /** When a creation was begun whose end is not known. */
    uncertain_since: number | null;
    due_at: number;
    lease_until: number;
    fence: number;
    attempts: number;
  };
  /** Who should have such a role, and who has it. */
  follower_holds: {
    guild_id: string;
    broadcaster_id: string;
    /** Discord's id of the person. */
    user_id: string;
    account_id: string | null;
    wanted: number;
    /** Null: not known. */
    has: number | null;
    due_at: number;
    lease_until: number;
    fence: number;
    attempts: number;
  };
  /** Which guild announces whom. */
  guild_broadcasters: { guild_id: string; broadcaster_id: string; added_by_account: string | null; created_at: number };
  broadcaster_invites: {
    invite_id: string;
    guild_id: string;
    token_hash: string;
    uses: number;
    max_uses: number;
    expires_at: number;
    created_by: string;
    created_at: number;
    revoked_at: number | null;
  };
  /** EventSub subscriptions that Foyer wants, and how they are at Twitch. */
  eventsub_subscriptions: {
    broadcaster_id: string;
    type: string;
    twitch_subscription_id: string | null;
    transport: string;
    status: string;
    checked_at: number;
  };
  /** What came in, before anything is done with it. */
  inbox: {
    source: string;
    message_id: string;
    type: string;
    twitch_id: string;
    payload: string;
    event_at: number;
    received_at: number;
    state: "waiting" | "done" | "dead";
    attempts: number;
    due_at: number;
    lease_until: number;
    fence: number;
  };
  streams: {
    stream_id: string;
    broadcaster_id: string;
    twitch_stream_id: string;
    state: "live" | "ended";
    revision: number;
    title: string;
    game: string;
    language: string;
    tags: string;
    viewers: number | null;
    peak_viewers: number | null;
    thumbnail_url: string | null;
    vod_url: string | null;
    started_at: number;
    ended_at: number | null;
    /** Newest sign by EventSub, and newest by asking Twitch (0: none), that it is live. */
    online_at: number;
    seen_at: number;
    heard_at: number;
    checked_at: number;
    /** When each detail was so, by its name. */
    known_at: string;
  };
  /** Every end that was heard of: which stream it ended may be known later only. */
  stream_ends: { broadcaster_id: string; ended_at: number };
  /** One row for each broadcaster, held while something about their streams changes. `known`: of their channel. */
  stream_heads: { broadcaster_id: string; known: string };
  destinations: {
    destination_id: string;
    guild_id: string;
    kind: string;
    name: string;
    /** Channel or room; for a webhook its host, and the address sealed. */
    target: string;
    sealed: string | null;
    key_id: string | null;
    enabled: number;
    off_reason: string | null;
    /** 1: Foyer switched it off, and its owner is still to be told. */
    off_notice: Generated<number>;
    template: string | null;
    mention: string | null;
    end_action: string | null;
    created_by: string;
    created_at: number;
    removed_at: number | null;
  };
  /** What a destination does differently for one broadcaster. */
  overrides: {
    destination_id: string;
    broadcaster_id: string;
    enabled: number;
    template: string | null;
    mention: string | null;
  };
  /** The outbox: one alert for one destination (and one device). */
  deliveries: {
    delivery_id: string;
    stream_id: string;
    destination_id: string;
    guild_id: string;
    kind: string;
    recipient: string;
    /** 1: stands for all recipients of the destination in a list. */
    head: number;
    /** Of the post. What became of later edits is in `stage` and `reason`. */
    state: "waiting" | "sent" | "failed";
    reason: string | null;
    /** What is to be seen at the destination. Null: nothing yet. */
    stage: "live" | "ended" | "deleted" | null;
    /** Rises with everything that is to be shown; what of it is shown; and since when. */
    wanted: number;
    shown: number;
    shown_at: number | null;
    /** Changes of title or game that were let through. */
    edits: number;
    external_id: string | null;
    url: string | null;
    attempts: number;
    /** In vain, in a row. */
    tries: number;
    /** Null: nothing is to be done. While somebody holds it: the end of the lease, or sooner when more came up. */
    due_at: number | null;
    lease_until: number;
    fence: number;
    uncertain_since: number | null;
    /** From then on it is too late to post. */
    give_up_at: number;
    /** Of the first stream that this alert told of, and the most viewers of those before the latest. */
    began_at: number;
    earlier_peak: number | null;
    event_at: number;
    created_at: number;
    sent_at: number | null;
    latency_ms: number | null;
  };
  attempts: {
    delivery_id: string;
    fence: number;
    at: number;
    what: "post" | "edit" | "delete";
    outcome: "done" | "again" | "failed";
    reason: string | null;
    status: number | null;
    duration_ms: number;
  };
  /** How somebody wants to hear of a broadcaster in a guild. Absent: the default. */
  preferences: {
    account_id: string;
    guild_id: string;
    broadcaster_id: string;
    discord: number;
    push: number;
    changed_at: number;
  };
  quiet_hours: { account_id: string; from_time: string; to_time: string; time_zone: string };
  push_devices: {
    push_id: string;
    account_id: string;
    name: string;
    /** Hash of the endpoint, so that one browser is kept once. */
    endpoint_hash: string;
    sealed: string;
    key_id: string;
    created_at: number;
    last_sent_at: number | null;
  };
}
