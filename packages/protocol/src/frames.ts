import { z } from "zod";
import { profile, role } from "./accounts.ts";
import { errorBody } from "./errors.ts";
import { limits } from "./limits.ts";
import { message, messagePage } from "./messages.ts";
import { room, roomView } from "./rooms.ts";
import { clientId, emoji, id, offset, roomId, time } from "./values.ts";

const requestId = z.string().max(64).optional();

/** A place in a room's stream that a client has seen. */
export const position = z.object({ epoch: z.string().max(64), offset });
export type Position = z.infer<typeof position>;

/** Frames that clients send: one JSON object a text message, routed by `action`. Unknown fields are ignored. */
export const clientFrames = {
  subscribe: z.object({ action: z.literal("subscribe"), requestId, roomId, since: position.optional() }),
  unsubscribe: z.object({ action: z.literal("unsubscribe"), requestId, roomId }),
  sendMessage: z.object({
    action: z.literal("sendMessage"),
    requestId,
    roomId,
    message: z.string(),
    clientId: clientId.optional(),
    replyTo: id.optional(),
    attachments: z.array(z.string().max(64)).max(10).optional(),
  }),
  editMessage: z.object({ action: z.literal("editMessage"), requestId, roomId, messageId: id, message: z.string() }),
  deleteMessage: z.object({ action: z.literal("deleteMessage"), requestId, roomId, messageId: id }),
  react: z.object({ action: z.literal("react"), requestId, roomId, messageId: id, emoji, on: z.boolean() }),
  markRead: z.object({ action: z.literal("markRead"), requestId, roomId, offset }),
  typing: z.object({ action: z.literal("typing"), requestId, roomId }),
  history: z.object({
    action: z.literal("history"),
    requestId,
    roomId,
    before: offset.optional(),
    limit: z.number().int().min(1).max(100).default(50),
  }),
  authenticate: z.object({ action: z.literal("authenticate"), requestId, token: z.string().max(4096) }),
  ping: z.object({ action: z.literal("ping"), requestId }),
} as const;

export type ClientAction = keyof typeof clientFrames;
export type ClientFrame = { [A in ClientAction]: z.infer<(typeof clientFrames)[A]> }[ClientAction];
export type ClientFrameOf<A extends ClientAction> = z.infer<(typeof clientFrames)[A]>;

/**
 * Who is here. `accounts` is the whole list after a subscribe; in `presence` frames only differences travel.
 * Rooms of more than 200 people carry the count alone.
 */
export const presenceState = z.object({ count: z.number().int(), accounts: z.array(profile).optional() });
export type PresenceState = z.infer<typeof presenceState>;

/** `data` of an ok `reply`, by action. */
export const replyData = {
  subscribe: z.object({
    room: roomView,
    epoch: z.string(),
    offset,
    recovered: z.boolean(),
    messages: z.array(message),
    hasMore: z.boolean(),
    presence: presenceState,
    readOffset: offset,
  }),
  unsubscribe: z.object({}),
  sendMessage: z.object({ messageId: id, offset, duplicate: z.boolean() }),
  editMessage: z.object({ offset }),
  deleteMessage: z.object({ offset }),
  react: z.object({ offset }),
  markRead: z.object({
    readOffset: offset,
    unread: z.number().int(),
    mentions: z.number().int(),
    at: offset.optional(),
  }),
  typing: z.object({}),
  history: messagePage,
  authenticate: z.object({ account: profile.extend({ role }), expiresAt: time }),
  ping: z.object({ serverTime: time }),
} as const satisfies Record<ClientAction, z.ZodType>;
export type ReplyData<A extends ClientAction> = z.infer<(typeof replyData)[A]>;

/** Frames that the server sends. One text message holds one or more, joined by `\n`. */
export const serverFrames = {
  hello: z.object({
    type: z.literal("hello"),
    protocol: z.literal(1),
    connectionId: z.string(),
    account: profile.extend({ role }).nullable(),
    guest: z.boolean(),
    heartbeatSeconds: z.number(),
    limits,
    serverTime: time,
  }),
  reply: z.object({
    type: z.literal("reply"),
    requestId: z.string().optional(),
    action: z.string().optional(),
    ok: z.boolean(),
    data: z.unknown().optional(),
    error: errorBody.optional(),
  }),
  message: z.object({ type: z.literal("message"), roomId, offset, message }),
  room: z.object({
    type: z.literal("room"),
    roomId,
    change: z.enum(["settings", "joined", "left", "removed", "deleted", "rights"]),
    room: room.optional(),
    account: profile.optional(),
  }),
  read: z.object({
    type: z.literal("read"),
    roomId,
    offset,
    unread: z.number().int(),
    mentions: z.number().int(),
    /** The room's offset at which `unread` and `mentions` were counted: messages after it come on top. */
    at: offset.optional(),
  }),
  typing: z.object({ type: z.literal("typing"), roomId, account: profile }),
  presence: z.object({
    type: z.literal("presence"),
    roomId,
    count: z.number().int(),
    joined: z.array(profile).optional(),
    left: z.array(z.string()).optional(),
  }),
  resync: z.object({ type: z.literal("resync"), roomId }),
  goodbye: z.object({
    type: z.literal("goodbye"),
    code: z.number().int(),
    reconnect: z.boolean(),
    afterMs: z.number().int(),
  }),
} as const;
export type ServerFrameType = keyof typeof serverFrames;
export type ServerFrame = { [T in ServerFrameType]: z.infer<(typeof serverFrames)[T]> }[ServerFrameType];
export type ServerFrameOf<T extends ServerFrameType> = z.infer<(typeof serverFrames)[T]>;
