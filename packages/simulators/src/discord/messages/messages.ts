import type { Changes } from "../../harness/changes.ts";
import { refusal } from "../rest/errors.ts";
import { type DiscordChannel, type DiscordGuild, discordTime, userWire } from "../world/guilds.ts";
import type { DiscordWorld } from "../world/world.ts";
import { type EmbedForm, isEmptyEmbed, type MessageForm } from "./form.ts";
import { type Pings, pingsOf } from "./mentions.ts";

/** One thing that was done to a message, with what it pinged. Times in milliseconds since 1970. */
export interface MessageChange {
  at: number;
  kind: "post" | "edit";
  content: string;
  embeds: EmbedForm[];
  /** What came as `allowed_mentions`; undefined: nothing did. */
  allowedMentions: unknown;
  pings: Pings;
}

/** A message that was written, also when it is deleted by now. */
export interface DiscordMessage {
  id: string;
  channelId: string;
  authorId: string;
  content: string;
  embeds: EmbedForm[];
  nonce: string | number | null;
  flags: number;
  createdAt: number;
  editedAt: number | null;
  deletedAt: number | null;
  pings: Pings;
  /** The post and all edits, oldest first. */
  history: MessageChange[];
}

/** Where somebody writes. */
export interface Place {
  guild: DiscordGuild;
  channel: DiscordChannel;
  authorId: string;
}

/** All messages there are and were. */
export interface Messages {
  /** Stores a message, or gives the one that was written before under the same nonce. */
  post(place: Place, form: MessageForm): { message: DiscordMessage; repeated: boolean };
  edit(place: Place, message: DiscordMessage, form: MessageForm): void;
  remove(message: DiscordMessage): void;
  /** Undefined: there is none (any more). */
  find(channelId: string, messageId: string): DiscordMessage | undefined;
  /** Those of a channel that are still there, oldest first. */
  of(channelId: string): DiscordMessage[];
  /** Every message that was ever written, oldest first. */
  all(): DiscordMessage[];
  forgetAll(): void;
  wire(message: DiscordMessage): object;
}

export interface MessagesDeps {
  world: DiscordWorld;
  changes: Changes;
  now: () => number;
  /** How long a nonce is remembered, in milliseconds. */
  nonceMs: number;
}

/** No messages. */
export function createMessages({ world, changes, now, nonceMs }: MessagesDeps): Messages {
  const all = new Map<string, DiscordMessage>();
  const byChannel = new Map<string, DiscordMessage[]>();
  const nonces = new Map<string, DiscordMessage>();

  /** The message of this author under this nonce of the last minutes, whatever channel it went to. */
  function known(authorId: string, nonce: string | number | null | undefined): DiscordMessage | undefined {
    const found = nonces.get(`${authorId} ${nonce}`);
    return found !== undefined && now() - found.createdAt < nonceMs ? found : undefined;
  }

  function change(kind: "post" | "edit", message: DiscordMessage, form: MessageForm, place: Place): void {
    message.pings = pingsOf(message.content, form.allowed_mentions, place);
    message.history.push({
      at: now(),
      kind,
      content: message.content,
      embeds: message.embeds,
      allowedMentions: form.allowed_mentions ?? undefined,
      pings: message.pings,
    });
    changes.notify();
  }

  return {
    post(place, form) {
      const before = form.enforce_nonce === true ? known(place.authorId, form.nonce) : undefined;
      if (before !== undefined) {
        if (before.deletedAt !== null) throw refusal.unknownMessage();
        return { message: before, repeated: true };
      }
      const message: DiscordMessage = {
        id: world.ids(),
        channelId: place.channel.id,
        authorId: place.authorId,
        content: String(form.content ?? "").trim(),
        embeds: (form.embeds ?? []).filter((each) => !isEmptyEmbed(each)),
        nonce: form.nonce ?? null,
        flags: form.flags ?? 0,
        createdAt: now(),
        editedAt: null,
        deletedAt: null,
        pings: { everyone: false, roles: [], users: [] },
        history: [],
      };
      if (message.content === "" && message.embeds.length === 0) throw refusal.emptyMessage();
      all.set(message.id, message);
      const list = byChannel.get(message.channelId) ?? [];
      list.push(message);
      byChannel.set(message.channelId, list);
      if (message.nonce !== null) nonces.set(`${place.authorId} ${message.nonce}`, message);
      place.channel.lastMessageId = message.id;
      change("post", message, form, place);
      return { message, repeated: false };
    },
    edit(place, message, form) {
      const content = form.content === undefined ? message.content : String(form.content ?? "").trim();
      const embeds = form.embeds === undefined ? message.embeds : (form.embeds ?? []).filter((e) => !isEmptyEmbed(e));
      if (content === "" && embeds.length === 0) throw refusal.emptyMessage();
      message.content = content;
      message.embeds = embeds;
      message.editedAt = now();
      change("edit", message, form, place);
    },
    remove(message) {
      message.deletedAt = now();
      changes.notify();
    },
    find(channelId, messageId) {
      const found = all.get(messageId);
      return found?.channelId === channelId && found.deletedAt === null ? found : undefined;
    },
    of: (channelId) => (byChannel.get(channelId) ?? []).filter(({ deletedAt }) => deletedAt === null),
    all: () => [...all.values()],
    forgetAll() {
      all.clear();
      byChannel.clear();
      nonces.clear();
      changes.notify();
    },
    wire(message) {
      const author = world.user(message.authorId);
      return {
        id: message.id,
        type: 0,
        channel_id: message.channelId,
        author: author === undefined ? null : userWire(author),
        content: message.content,
        embeds: message.embeds.map((each) => ({ type: "rich", content_scan_version: 0, ...each })),
        attachments: [],
        components: [],
        mentions: message.pings.users.flatMap((id) => {
          const user = world.user(id);
          return user === undefined ? [] : [userWire(user)];
        }),
        mention_roles: message.pings.roles,
        mention_everyone: message.pings.everyone,
        pinned: false,
        tts: false,
        flags: message.flags,
        timestamp: discordTime(message.createdAt),
        edited_timestamp: message.editedAt === null ? null : discordTime(message.editedAt),
      };
    },
  };
}
