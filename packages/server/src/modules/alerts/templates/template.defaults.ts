import { type AlertTemplate, alertTemplate } from "@foyer/protocol";

/** What an alert says as long as nobody has written anything else. */
export const defaultTemplate: AlertTemplate = alertTemplate.parse({
  live: {
    content: "{mention} **{streamer_display_name}** is live",
    embed: {
      title: "{stream_title}",
      url: "{stream_url}",
      // The red that stands for "live", and for nothing else.
      color: 0xe5484d,
      author: { name: "{streamer_display_name}", url: "{stream_url}", iconUrl: "{streamer_avatar_url}" },
      imageUrl: "{stream_thumbnail_url}",
      fields: [
        { name: "Playing", value: "{game_name}", inline: true },
        { name: "Started", value: "{started_relative}", inline: true },
      ],
    },
  },
  recap: {
    content: "**{streamer_display_name}** was live",
    embed: {
      title: "{stream_title}",
      url: "{stream_url}",
      color: 0x8f6414,
      author: { name: "{streamer_display_name}", url: "{stream_url}", iconUrl: "{streamer_avatar_url}" },
      fields: [
        { name: "Played", value: "{game_name}", inline: true },
        { name: "Lasted", value: "{duration}", inline: true },
        { name: "Most viewers", value: "{peak_viewers}", inline: true },
        { name: "Recording", value: "{vod_url}", inline: false },
      ],
    },
  },
});
