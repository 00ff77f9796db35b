import type { AlertTemplate, RenderedMessage } from "@foyer/protocol";
import { renderAlert } from "./template.render.ts";
import type { TemplateContext } from "./template.values.ts";

/** Longest text of an alert in a room, well below what a message may have. */
const longest = 2000;

/** An alert as a message of a room: the template in the Markdown of rooms, its embed as lines. Mentions nobody. */
export function roomText(template: AlertTemplate, stage: "live" | "ended", context: TemplateContext): string {
  return roomTextOf(renderAlert(template, stage, { ...context, mentionRoleId: null }, "room"));
}

/** The lines of a message that was rendered for rooms. */
export function roomTextOf({ content, embed }: RenderedMessage): string {
  const lines = [content];
  if (embed !== null) {
    if (embed.title !== undefined)
      lines.push(embed.url === undefined ? `**${embed.title}**` : `**[${embed.title}](${embed.url})**`);
    if (embed.description !== undefined) lines.push(embed.description);
    for (const { name, value } of embed.fields) lines.push(`${name}: ${value}`);
  }
  const kept: string[] = [];
  let length = 0;
  for (const line of lines.filter((each) => each !== "")) {
    length += line.length + 1;
    if (length > longest) break;
    kept.push(line);
  }
  return kept.join("\n");
}
