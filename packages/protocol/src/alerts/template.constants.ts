/**
 * Sizes that Discord allows (its API reference, "Message" and "Embed Limits"). Templates are held to them when they are
 * saved, by their own text; what the variables bring in is cut when an alert is rendered.
 */
export const discordSizes = {
  content: 2000,
  embeds: 10,
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  footer: 2048,
  author: 256,
  embedTotal: 6000,
} as const;

/** Variables that a template may hold, as `{name}`. Each is replaced by text that can neither ping nor format. */
export const templateVariables = [
  "streamer_name",
  "streamer_display_name",
  "streamer_login",
  "streamer_avatar_url",
  "stream_title",
  "game_name",
  "stream_url",
  "stream_thumbnail_url",
  "viewer_count",
  "peak_viewers",
  "started_at",
  "started_relative",
  "ended_at",
  "duration",
  "vod_url",
  "language",
  "tags",
  "mention",
  "server_name",
] as const;
