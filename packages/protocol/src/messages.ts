import { z } from "zod";
import { profile } from "./accounts.ts";
import { id, offset, roomId, time } from "./values.ts";

/** `by` holds at most 50 accounts, oldest first; `count` is the whole number. */
export const reaction = z.object({ emoji: z.string(), count: z.number().int(), by: z.array(z.string()) });
export type Reaction = z.infer<typeof reaction>;

/** What a reply shows of the message it answers; `excerpt` is empty once that is deleted. */
export const replyPreview = z.object({ messageId: z.string(), author: profile, excerpt: z.string() });
export type ReplyPreview = z.infer<typeof replyPreview>;

/** A file on a message. Empty in version 0.1; the shape is reserved for file drops. */
export const attachment = z.object({
  fileId: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
});

/**
 * The whole current state of a message. `offset`: where it was created; `version`: the room's offset of its last
 * change. A deleted message is a tombstone: `deletedAt` is set and `message` is empty.
 */
export const message = z.object({
  messageId: id,
  roomId,
  offset,
  version: offset,
  author: profile,
  message: z.string(),
  createdAt: time,
  editedAt: time.optional(),
  deletedAt: time.optional(),
  pinnedAt: time.optional(),
  clientId: z.string().optional(),
  replyTo: replyPreview.optional(),
  reactions: z.array(reaction),
  mentions: z.object({ accounts: z.array(z.string()), room: z.boolean() }),
  attachments: z.array(attachment),
});
export type Message = z.infer<typeof message>;

/** One earlier text of a message, for moderators. */
export const revision = z.object({ message: z.string(), replacedAt: time });
export type Revision = z.infer<typeof revision>;

/** `hasMore`: older ones exist before the first; `hasNewer`: newer ones exist after the last. Oldest first. */
export const messagePage = z.object({
  messages: z.array(message),
  hasMore: z.boolean(),
  hasNewer: z.boolean(),
});
export type MessagePage = z.infer<typeof messagePage>;
