import { z } from "zod";
import { idWire, timeWire } from "../helix/helix.wire.ts";

/** The key under which a message comes again: it goes into a key of a table and into logs. */
export const messageIdWire = z.string().regex(/^[\x21-\x7e]{1,128}$/);

const subscription = z.looseObject({
  id: idWire,
  type: z.string().max(100),
  version: z.string().max(20),
  status: z.string().max(100),
  condition: z.looseObject({ broadcaster_user_id: z.string().optional() }).optional(),
});

/** What every message tells of its EventSub subscription: the body of a webhook, and `payload` of a socket. */
export const payloadWire = z.looseObject({
  subscription,
  challenge: z.string().max(1000).optional(),
  event: z.unknown().optional(),
});
export type PayloadWire = z.infer<typeof payloadWire>;

/** `event` of `stream.online` version 1. */
export const onlineWire = z.looseObject({
  id: idWire,
  broadcaster_user_id: idWire,
  type: z.string().max(100),
  started_at: timeWire,
});

/** `event` of `stream.offline` version 1. */
export const offlineWire = z.looseObject({ broadcaster_user_id: idWire });

/** `event` of `channel.update` version 2. */
export const updateWire = z.looseObject({
  broadcaster_user_id: idWire,
  title: z.string(),
  language: z.string(),
  category_name: z.string(),
});

/** One frame of the socket. `payload` is read by the type. */
export const frameWire = z.looseObject({
  metadata: z.looseObject({
    message_id: messageIdWire,
    message_type: z.string().max(100),
    message_timestamp: timeWire,
  }),
  payload: z.unknown(),
});

/** `payload` of `session_welcome` and `session_reconnect`. */
export const sessionWire = z.looseObject({
  session: z.looseObject({
    id: z.string().min(1).max(512),
    keepalive_timeout_seconds: z.number().positive().max(3600).nullish(),
    reconnect_url: z.string().max(4096).nullish(),
  }),
});
