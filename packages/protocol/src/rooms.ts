import { z } from "zod";
import { profile, role } from "./accounts.ts";
import { id, offset, roomId, time } from "./values.ts";

export const roomKind = z.enum(["public", "private", "direct"]);
export type RoomKind = z.infer<typeof roomKind>;

/** What guests may do in a room. Only public rooms let guests in. */
export const guestAccess = z.enum(["none", "read", "write"]);
export type GuestAccess = z.infer<typeof guestAccess>;

/** A room as everybody in it sees it: nothing here differs by recipient. */
export const room = z.object({
  roomId,
  kind: roomKind,
  name: z.string(),
  topic: z.string(),
  slowModeSeconds: z.number().int(),
  guests: guestAccess,
  archivedAt: time.optional(),
  createdAt: time,
  memberCount: z.number().int(),
  /** The people of a direct room; empty for other kinds. */
  people: z.array(profile),
});
export type Room = z.infer<typeof room>;

/** What the caller may do in the room, worked out by the server so that clients need not repeat its rules. */
export const roomRights = z.object({
  write: z.boolean(),
  moderate: z.boolean(),
  manage: z.boolean(),
  mentionRoom: z.boolean(),
});
export type RoomRights = z.infer<typeof roomRights>;

/** A room with what is the caller's own: membership, place, unread messages, rights. Counts stop at 100. */
export const roomView = room.extend({
  epoch: z.string(),
  offset,
  joined: z.boolean(),
  readOffset: offset,
  unread: z.number().int(),
  mentions: z.number().int(),
  rights: roomRights,
  lastMessageAt: time.optional(),
  mutedUntil: time.nullable().optional(),
});
export type RoomView = z.infer<typeof roomView>;

const roomName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, "must not hold control characters");
const topic = z.string().trim().max(500);
const slowModeSeconds = z.number().int().min(0).max(21_600);

/** A direct room is made by `kind: direct` and one to seven other accounts; making it again gives the same room. */
export const createRoomBody = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("public"),
    name: roomName,
    topic: topic.optional(),
    slowModeSeconds: slowModeSeconds.optional(),
    guests: guestAccess.optional(),
  }),
  z.strictObject({
    kind: z.literal("private"),
    name: roomName,
    topic: topic.optional(),
    slowModeSeconds: slowModeSeconds.optional(),
  }),
  z.strictObject({ kind: z.literal("direct"), accountIds: z.array(id).min(1).max(7) }),
]);
export type CreateRoomBody = z.input<typeof createRoomBody>;

export const updateRoomBody = z.strictObject({
  name: roomName.optional(),
  topic: topic.optional(),
  slowModeSeconds: slowModeSeconds.optional(),
  guests: guestAccess.optional(),
  archived: z.boolean().optional(),
});
export type UpdateRoomBody = z.input<typeof updateRoomBody>;

/** `roomRole`: `owner` made a private room and may manage it. `online` is null where only counts are kept. */
export const member = profile.extend({
  role,
  roomRole: z.enum(["owner", "member"]),
  joinedAt: time,
  online: z.boolean().nullable(),
  mutedUntil: time.nullable().optional(),
});
export type Member = z.infer<typeof member>;

export const memberPage = z.object({ members: z.array(member), next: z.string().optional() });

/**
 * `token` is part of the link `/invite/{token}`, and is told only in the answer to creating it: the server keeps a
 * hash. `maxUses` 0 means any number.
 */
export const invite = z.object({
  inviteId: id,
  roomId,
  token: z.string().optional(),
  createdBy: profile,
  createdAt: time,
  expiresAt: time.optional(),
  maxUses: z.number().int(),
  uses: z.number().int(),
});
export type Invite = z.infer<typeof invite>;

export const createInviteBody = z.strictObject({
  expiresInSeconds: z.number().int().min(60).max(31_536_000).optional(),
  maxUses: z.number().int().min(0).max(10_000).default(0),
});

/** What the holder of an invite link may see before joining. */
export const invitePreview = z.object({
  roomId,
  name: z.string(),
  topic: z.string(),
  memberCount: z.number().int(),
  joined: z.boolean(),
});
