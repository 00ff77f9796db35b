import type { z } from "zod";
import type { DiscordMessage, PostedMessage } from "../../modules/alerts/index.ts";
import type { messagesWire } from "./discord.wire.ts";

/**
 * A message as Discord takes it. `allowed_mentions` is always there, on edits too: without it Discord reads mentions out
 * of the text, and a stream's title could call everybody.
 */
export function messageBody({ content, embed, mentionRoleId }: DiscordMessage) {
  return {
    content,
    embeds: embed === null ? [] : [embedBody(embed)],
    allowed_mentions: {
      parse: [],
      roles: mentionRoleId === null ? [] : [mentionRoleId],
      users: [],
      replied_user: false,
    },
  };
}

function embedBody(embed: NonNullable<DiscordMessage["embed"]>) {
  const { title, url, description, color, author, thumbnailUrl, imageUrl, fields, footer, timestamp } = embed;
  // JSON leaves out what is undefined.
  return {
    title,
    url,
    description,
    color,
    author: author === undefined ? undefined : { name: author.name, url: author.url, icon_url: author.iconUrl },
    thumbnail: thumbnailUrl === undefined ? undefined : { url: thumbnailUrl },
    image: imageUrl === undefined ? undefined : { url: imageUrl },
    fields,
    footer: footer === undefined ? undefined : { text: footer },
    timestamp,
  };
}

/** A message as it came back. */
export function postedMessage({ id, author, content, embeds }: z.infer<typeof messagesWire>[number]): PostedMessage {
  const embed = embeds?.[0];
  if (embed === undefined) return { messageId: id, authorId: author.id, content, embed: null };
  const addresses = [embed.url, embed.author?.url, embed.author?.icon_url, embed.image?.url, embed.thumbnail?.url];
  return {
    messageId: id,
    authorId: author.id,
    content,
    embed: {
      url: embed.url ?? null,
      title: embed.title ?? null,
      description: embed.description ?? null,
      addresses: addresses.filter((each) => typeof each === "string"),
    },
  };
}
