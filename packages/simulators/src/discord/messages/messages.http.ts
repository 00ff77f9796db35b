import { DiscordError, refusal } from "../rest/errors.ts";
import type { RestRequest, Route } from "../rest/router.ts";
import { type DiscordChannel, textTypes } from "../world/guilds.ts";
import { channelPermissions, has, type PermissionName } from "../world/permissions.ts";
import { isSnowflake } from "../world/snowflakes.ts";
import type { DiscordWorld } from "../world/world.ts";
import { readMessageForm } from "./form.ts";
import type { DiscordMessage, Messages } from "./messages.ts";

export interface MessageRoutesDeps {
  world: DiscordWorld;
  messages: Messages;
  now: () => number;
  /** Edits of messages older than an hour that a channel takes in a window. */
  oldEdits: { most: number; windowMs: number };
}

const HOUR = 3_600_000;
const fivePerFive = { most: 5, windowMs: 5000 };

/** What can be done with the messages of a channel. */
export function messageRoutes({ world, messages, now, oldEdits }: MessageRoutesDeps): Route[] {
  const edits = new Map<string, number[]>();

  /** The channel, when the caller sees it. Throws 10003, 50001, 50008. */
  function placeOf({ caller, params }: RestRequest) {
    const found = world.channel(params["channel"] ?? "");
    if (found === undefined) throw refusal.unknownChannel();
    const { guild, channel } = found;
    const bits = channelPermissions(guild, channel, caller.userId);
    if (!has(bits, "viewChannel")) throw refusal.noAccess();
    if (!textTypes.has(channel.type)) throw refusal.notText();
    return { guild, channel, authorId: caller.userId, bits };
  }

  function need(bits: bigint, ...names: PermissionName[]): void {
    if (!has(bits, ...names)) throw refusal.noPermission();
  }

  function messageOf(channel: DiscordChannel, { params }: RestRequest): DiscordMessage {
    const id = params["message"] ?? "";
    if (!isSnowflake(id))
      throw refusal.form({ message_id: [{ code: "NUMBER_TYPE_COERCE", message: `Value "${id}" is not snowflake.` }] });
    const found = messages.find(channel.id, id);
    if (found === undefined) throw refusal.unknownMessage();
    return found;
  }

  /** Throws 30046 when messages of a channel that are older than an hour were edited too often of late. */
  function checkOldEdit(message: DiscordMessage): void {
    if (now() - message.createdAt < HOUR) return;
    const recent = (edits.get(message.channelId) ?? []).filter((at) => now() - at < oldEdits.windowMs);
    const first = recent[0] ?? now();
    if (recent.length >= oldEdits.most) throw refusal.oldEdits((first + oldEdits.windowMs - now()) / 1000);
    edits.set(message.channelId, [...recent, now()]);
  }

  return [
    {
      method: "POST",
      path: "/channels/:channel/messages",
      operation: "message.create",
      limit: fivePerFive,
      async answer(request) {
        const form = readMessageForm(await request.body());
        const place = placeOf(request);
        need(place.bits, "sendMessages");
        if ((form.embeds ?? []).length > 0) need(place.bits, "embedLinks");
        const { message } = messages.post(place, form);
        return Response.json({
          ...messages.wire(message),
          ...(message.nonce === null ? {} : { nonce: message.nonce }),
        });
      },
    },
    {
      method: "PATCH",
      path: "/channels/:channel/messages/:message",
      operation: "message.edit",
      limit: fivePerFive,
      async answer(request) {
        const form = readMessageForm(await request.body());
        const place = placeOf(request);
        const message = messageOf(place.channel, request);
        if (message.authorId !== place.authorId) throw refusal.foreignMessage();
        if ((form.embeds ?? []).length > 0) need(place.bits, "embedLinks");
        checkOldEdit(message);
        messages.edit(place, message, form);
        return Response.json(messages.wire(message));
      },
    },
    {
      method: "DELETE",
      path: "/channels/:channel/messages/:message",
      operation: "message.delete",
      limit: { most: 5, windowMs: 1000 },
      answer(request) {
        const place = placeOf(request);
        const message = messageOf(place.channel, request);
        if (message.authorId !== place.authorId) need(place.bits, "manageMessages");
        messages.remove(message);
        return new Response(null, { status: 204 });
      },
    },
    {
      method: "GET",
      path: "/channels/:channel/messages/:message",
      operation: "message.get",
      limit: fivePerFive,
      answer(request) {
        const place = placeOf(request);
        need(place.bits, "readHistory");
        return Response.json(messages.wire(messageOf(place.channel, request)));
      },
    },
    {
      method: "GET",
      path: "/channels/:channel/messages",
      operation: "messages.list",
      limit: fivePerFive,
      answer(request) {
        const place = placeOf(request);
        // Who may not read what was before gets an empty list, not an error.
        const list = has(place.bits, "readHistory") ? messages.of(place.channel.id) : [];
        return Response.json(paged(list, request.query).map((each) => messages.wire(each)));
      },
    },
  ];
}

/** Newest first, as Discord pages: `limit` 1 to 100 (50), and one of `before`, `after`, `around`. */
function paged(list: DiscordMessage[], query: URLSearchParams): DiscordMessage[] {
  const limit = Number(query.get("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    const [code, message] =
      limit < 1
        ? ["NUMBER_TYPE_MIN", "int value should be greater than or equal to 1."]
        : ["NUMBER_TYPE_MAX", "int value should be less than or equal to 100."];
    throw new DiscordError(400, 50035, "Invalid Form Body", { errors: { limit: { _errors: [{ code, message }] } } });
  }
  const at = (name: string) => (query.get(name) === null ? undefined : BigInt(query.get(name) ?? 0));
  const [before, after, around] = [at("before"), at("after"), at("around")];
  const newest = [...list].reverse();
  if (before !== undefined) return newest.filter(({ id }) => BigInt(id) < before).slice(0, limit);
  if (after !== undefined)
    return list
      .filter(({ id }) => BigInt(id) > after)
      .slice(0, limit)
      .reverse();
  if (around === undefined) return newest.slice(0, limit);
  const half = Math.floor(limit / 2);
  const place = newest.findIndex(({ id }) => BigInt(id) <= around);
  return newest.slice(Math.max(0, place - half), Math.max(0, place - half) + limit);
}
