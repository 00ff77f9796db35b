import { z } from "zod";

/** An id of Twitch: it goes into addresses and keys of tables. */
export const idWire = z.string().regex(/^[\w-]{1,64}$/);

/** A time with nanoseconds, as milliseconds since 1970. */
export const timeWire = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number().finite());

/** Any list. Its entries are read one by one: one that is not in order spoils no other. */
export const pageWire = z.looseObject({
  data: z.array(z.unknown()),
  pagination: z.looseObject({ cursor: z.string().optional() }).nullish(),
});

/** One entry of `GET /users`. */
export const userWire = z.looseObject({
  id: idWire,
  login: z.string().regex(/^\w{1,64}$/),
  display_name: z.string(),
  profile_image_url: z.string().optional(),
});

/** One entry of `GET /streams`. `type` is empty when Twitch made a mistake. */
export const streamWire = z.looseObject({
  id: idWire,
  user_id: idWire,
  type: z.string(),
  title: z.string(),
  game_name: z.string(),
  language: z.string(),
  tags: z.array(z.string()).nullish(),
  viewer_count: z.number().int().nonnegative(),
  started_at: timeWire,
  thumbnail_url: z.string().optional(),
});

/** One entry of `GET /channels`. */
export const channelWire = z.looseObject({
  broadcaster_id: idWire,
  broadcaster_language: z.string(),
  title: z.string(),
  game_name: z.string(),
  tags: z.array(z.string()).nullish(),
});

/** One entry of `GET /videos`. */
export const videoWire = z.looseObject({
  id: idWire,
  stream_id: idWire.nullish(),
  url: z.url({ protocol: /^https$/ }),
});

/** One entry of `GET /eventsub/subscriptions`, and what creating one answers. */
export const subscriptionWire = z.looseObject({
  id: idWire,
  type: z.string(),
  version: z.string(),
  status: z.string(),
  condition: z.looseObject({ broadcaster_user_id: z.string().optional() }),
  transport: z.looseObject({
    method: z.enum(["webhook", "websocket", "conduit"]),
    callback: z.string().optional(),
    conduit_id: z.string().optional(),
  }),
  created_at: timeWire,
});

/** One entry of `GET /eventsub/conduits`, and what creating one answers. */
export const conduitWire = z.looseObject({ id: idWire });

/** What `PATCH /eventsub/conduits/shards` answers: what went wrong stands beside what went well, all with 202. */
export const shardsWire = z.looseObject({ errors: z.array(z.unknown()).nullish() });
