import type { TemplateVariable } from "@foyer/protocol";
import type { Broadcaster, Stream } from "../alerts.types.ts";
import { escapeForDiscord, escapeForRoom, plainLine } from "./outside.text.ts";

/** All that an alert is written from. `now` in milliseconds since 1970. */
export interface TemplateContext {
  broadcaster: Broadcaster;
  stream: Stream;
  guildName: string;
  now: number;
  /** The role that is mentioned; null: nobody. */
  mentionRoleId: string | null;
}

/** How a value is written: for Discord, for a room here, or where no Markdown is read (names, footers, push). */
export type Dialect = "discord" | "room" | "plain";

/** A piece of a rendered text. What is `whole` is never cut in two. */
export interface Piece {
  text: string;
  whole: boolean;
}

const piece = (text: string): Piece => ({ text, whole: false });
const whole = (text: string): Piece => ({ text, whole: true });

const escapes: Record<Dialect, (text: string) => string> = {
  discord: escapeForDiscord,
  room: escapeForRoom,
  plain: (text) => plainLine(text),
};

/** Preview pictures are asked for in this size. */
const pictureSize = { width: "1280", height: "720" };

/** The value of a variable, safe to stand anywhere in a text of that dialect. Empty where it is not known. */
export function pieceOf(variable: TemplateVariable, context: TemplateContext, dialect: Dialect): Piece {
  const { broadcaster, stream } = context;
  const text = (value: string) => piece(escapes[dialect](value));
  switch (variable) {
    case "streamer_name":
    case "streamer_display_name":
      return text(broadcaster.displayName);
    case "streamer_login":
      return text(broadcaster.login);
    case "stream_title":
      return text(stream.title);
    case "game_name":
      return text(stream.game);
    case "server_name":
      return text(context.guildName);
    case "language":
      return text(stream.language);
    case "tags":
      return text(stream.tags.join(", "));
    case "viewer_count":
      return text(count(stream.viewers));
    case "peak_viewers":
      return text(count(stream.peakViewers));
    case "duration":
      return text(duration((stream.endedAt ?? context.now) - stream.startedAt));
    case "started_at":
      return moment(stream.startedAt, "f", dialect);
    case "started_relative":
      // Only Discord counts on by itself: elsewhere the moment stays true, and "ago" would not.
      return moment(stream.startedAt, "R", dialect);
    case "ended_at":
      return stream.endedAt === null ? piece("") : moment(stream.endedAt, "f", dialect);
    case "mention":
      return dialect === "discord" && context.mentionRoleId !== null
        ? whole(`<@&${context.mentionRoleId}>`)
        : piece("");
    case "streamer_avatar_url":
    case "stream_thumbnail_url":
    case "stream_url":
    case "vod_url":
      return whole(addressOf(variable, context) ?? "");
  }
}

/** The address that a variable gives, or undefined where there is none. */
export function addressOf(variable: TemplateVariable, context: TemplateContext): string | undefined {
  const { broadcaster, stream, now } = context;
  switch (variable) {
    case "stream_url":
      return /^\w{1,50}$/.test(broadcaster.login) ? `https://www.twitch.tv/${broadcaster.login}` : undefined;
    case "vod_url":
      return httpsAddress(stream.vodUrl);
    case "streamer_avatar_url":
      return httpsAddress(broadcaster.avatarUrl);
    case "stream_thumbnail_url":
      return pictureOf(stream, now);
    default:
      return undefined;
  }
}

/** Twitch keeps one address for all pictures of a channel: what is added makes that the newest is fetched. */
function pictureOf({ thumbnailUrl }: Stream, now: number): string | undefined {
  const filled = thumbnailUrl
    ?.replace(/(?:%7B|\{)width(?:%7D|\})/i, pictureSize.width)
    .replace(/(?:%7B|\{)height(?:%7D|\})/i, pictureSize.height);
  const address = httpsAddress(filled);
  if (address === undefined) return undefined;
  const url = new URL(address);
  url.searchParams.set("cb", String(Math.floor(now / 1000)));
  return url.href;
}

/** An address that may stand in a message: https, no credentials, no sign that ends or changes a link. */
export function httpsAddress(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  const { href } = url;
  return href.length <= 2048 && !/[\s<>()[\]|`\\"'*~]/.test(href) ? href : undefined;
}

function moment(at: number, style: "f" | "R", dialect: Dialect): Piece {
  if (dialect === "discord") return whole(`<t:${Math.floor(at / 1000)}:${style}>`);
  return piece(`${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`);
}

const count = (value: number | null) => (value === null ? "" : value.toLocaleString("en-US"));

/** `3 h 12 min`; below a minute `1 min`. */
export function duration(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}
