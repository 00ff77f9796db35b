import { createHash } from "node:crypto";
import type { RenderedMessage } from "@foyer/protocol";
import type { PostedMessage } from "../guilds/discord/discord.port.ts";

/** The key of a delivery as Discord takes it: 128 bits in at most 25 characters. */
export function nonceOf(deliveryId: string): string {
  const hex = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(deliveryId)
    ? deliveryId.replaceAll("-", "")
    : createHash("sha256").update(deliveryId).digest("hex").slice(0, 32);
  return BigInt(`0x${hex}`).toString(36);
}

/** What tells a delivery's message from all others in a channel: its nonce is not shown to whoever reads it later. */
const markOf = (nonce: string) => `foyer-${nonce.slice(-12)}`;

/**
 * The message with the mark of its delivery: as the fragment of the first address of its embed that has none. It leads
 * to the same place. Without such an address the message stays as it is.
 */
export function marked<T extends Pick<RenderedMessage, "embed">>(message: T, nonce: string): T {
  const { embed } = message;
  if (embed === null) return message;
  const { author } = embed;
  const mark = markOf(nonce);
  const url = withMark(embed.url, mark);
  if (url !== undefined) return { ...message, embed: { ...embed, url } };
  const authorUrl = withMark(author?.url, mark);
  if (author !== undefined && authorUrl !== undefined) {
    return { ...message, embed: { ...embed, author: { ...author, url: authorUrl } } };
  }
  const imageUrl = withMark(embed.imageUrl, mark);
  if (imageUrl !== undefined) return { ...message, embed: { ...embed, imageUrl } };
  const thumbnailUrl = withMark(embed.thumbnailUrl, mark);
  return thumbnailUrl === undefined ? message : { ...message, embed: { ...embed, thumbnailUrl } };
}

function withMark(address: string | undefined, mark: string): string | undefined {
  if (address === undefined || address.includes("#") || !URL.canParse(address)) return undefined;
  return `${address}#${mark}`;
}

/**
 * The message of a delivery among those of a channel: by its mark, or else the only thing to go by, the same text. What
 * others wrote is never taken.
 */
export function findMarked(
  posted: readonly PostedMessage[],
  authorId: string,
  nonce: string,
  message: Pick<RenderedMessage, "content" | "embed">,
): PostedMessage | undefined {
  const own = posted.filter((each) => each.authorId === authorId);
  const mark = `#${markOf(nonce)}`;
  return (
    own.find(({ embed }) => embed?.addresses.some((address) => address.endsWith(mark))) ??
    own.find((each) => !carriesMark(each) && sameText(each, message))
  );
}

/** Whether it belongs to some delivery that is known by its mark, so that its text says nothing. */
const carriesMark = ({ embed }: PostedMessage) =>
  embed?.addresses.some((address) => /#foyer-[0-9a-z]{1,12}$/.test(address)) === true;

function sameText({ content, embed }: PostedMessage, message: Pick<RenderedMessage, "content" | "embed">): boolean {
  return (
    content.trim() === message.content.trim() &&
    (embed?.title ?? "").trim() === (message.embed?.title ?? "").trim() &&
    (embed?.description ?? "").trim() === (message.embed?.description ?? "").trim()
  );
}
