import { z } from "zod";
import { time } from "../values.ts";
import { discordSizes, templateVariables } from "./template.constants.ts";

export const templateVariable = z.enum(templateVariables);
export type TemplateVariable = z.infer<typeof templateVariable>;

/** Where an address is wanted: `https://…`, or one variable that gives one. */
const address = z
  .string()
  .trim()
  .max(2048)
  .regex(/^(?:https:\/\/\S+|\{[a-z_]+\}\S*)$/, "must be an https address or a variable");

const line = (most: number) => z.string().max(most);

export const embedTemplate = z.strictObject({
  title: line(discordSizes.title).optional(),
  url: address.optional(),
  description: line(discordSizes.description).optional(),
  /** A number from 0 to 0xffffff. */
  color: z.number().int().min(0).max(0xffffff).optional(),
  author: z
    .strictObject({ name: line(discordSizes.author), url: address.optional(), iconUrl: address.optional() })
    .optional(),
  thumbnailUrl: address.optional(),
  imageUrl: address.optional(),
  fields: z
    .array(
      z.strictObject({
        name: line(discordSizes.fieldName).min(1),
        value: line(discordSizes.fieldValue).min(1),
        inline: z.boolean().default(false),
      }),
    )
    .max(discordSizes.fields)
    .default([]),
  footer: line(discordSizes.footer).optional(),
  /** Shows when the stream began. */
  timestamp: z.boolean().default(false),
});
export type EmbedTemplate = z.infer<typeof embedTemplate>;

/** What one stage of an alert says. At least one of both must be there. */
export const messageTemplate = z.strictObject({
  content: line(discordSizes.content).default(""),
  embed: embedTemplate.nullable().default(null),
});
export type MessageTemplate = z.infer<typeof messageTemplate>;

/**
 * A template of an alert: what is said while the stream is live, and what the recap says when it has ended. The
 * shape is checked here; unknown variables and the sizes of an embed altogether by the server, which names the field.
 */
export const alertTemplate = z.strictObject({ live: messageTemplate, recap: messageTemplate });
export type AlertTemplate = z.infer<typeof alertTemplate>;

/** What becomes of the alert when the stream has ended. */
export const endAction = z.enum(["recap", "delete", "keep"]);
export type EndAction = z.infer<typeof endAction>;

/**
 * Who is mentioned. `role`: one role of the server. `followers`: a role that Foyer manages itself, held by the members
 * who follow the streamer here and have not opted out. Only Discord destinations mention.
 */
export const mentionChoice = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("nobody") }),
  z.strictObject({ kind: z.literal("role"), roleId: z.string().regex(/^\d{15,21}$/) }),
  z.strictObject({ kind: z.literal("followers") }),
]);
export type MentionChoice = z.infer<typeof mentionChoice>;

/** A message as it would be shown, after its variables were filled in. Texts are in Discord's Markdown. */
export const renderedMessage = z.object({
  content: z.string(),
  embed: z
    .object({
      title: z.string().optional(),
      url: z.string().optional(),
      description: z.string().optional(),
      color: z.number().int().optional(),
      author: z.object({ name: z.string(), url: z.string().optional(), iconUrl: z.string().optional() }).optional(),
      thumbnailUrl: z.string().optional(),
      imageUrl: z.string().optional(),
      fields: z.array(z.object({ name: z.string(), value: z.string(), inline: z.boolean() })),
      footer: z.string().optional(),
      timestamp: time.optional(),
    })
    .nullable(),
});
export type RenderedMessage = z.infer<typeof renderedMessage>;

/** Both stages of a template, filled in by an example or by a streamer's newest stream. */
export const templatePreview = z.object({ live: renderedMessage, recap: renderedMessage });
export type TemplatePreview = z.infer<typeof templatePreview>;
