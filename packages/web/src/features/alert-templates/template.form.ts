import type { AlertTemplate, EmbedTemplate, MessageTemplate } from "@foyer/protocol";

/** One field of an embed while it is written. */
export interface FieldValues {
  name: string;
  value: string;
  inline: boolean;
}

/** A stage of a template while it is written: every text is there, empty where it is to say nothing. */
export interface StageValues {
  content: string;
  hasEmbed: boolean;
  embed: {
    title: string;
    url: string;
    description: string;
    /** As `#rrggbb`, or empty. */
    color: string;
    author: { name: string; url: string; iconUrl: string };
    thumbnailUrl: string;
    imageUrl: string;
    fields: FieldValues[];
    footer: string;
    timestamp: boolean;
  };
}

export interface TemplateValues {
  live: StageValues;
  recap: StageValues;
}

/** A template as the editor's form has it. */
export function valuesOf(template: AlertTemplate): TemplateValues {
  return { live: stageOf(template.live), recap: stageOf(template.recap) };
}

function stageOf({ content, embed }: MessageTemplate): StageValues {
  const { author, color } = embed ?? {};
  return {
    content,
    hasEmbed: embed !== null,
    embed: {
      title: embed?.title ?? "",
      url: embed?.url ?? "",
      description: embed?.description ?? "",
      color: color === undefined ? "" : `#${color.toString(16).padStart(6, "0")}`,
      author: { name: author?.name ?? "", url: author?.url ?? "", iconUrl: author?.iconUrl ?? "" },
      thumbnailUrl: embed?.thumbnailUrl ?? "",
      imageUrl: embed?.imageUrl ?? "",
      fields: (embed?.fields ?? []).map((field) => ({ ...field })),
      footer: embed?.footer ?? "",
      timestamp: embed?.timestamp ?? false,
    },
  };
}

/** The template that a form means. What is empty is left out; so is an author without a name, and a field without both. */
export function templateOf({ live, recap }: TemplateValues): AlertTemplate {
  return { live: messageOf(live), recap: messageOf(recap) };
}

function messageOf({ content, hasEmbed, embed }: StageValues): MessageTemplate {
  return { content, embed: hasEmbed ? embedOf(embed) : null };
}

function embedOf({ author, color, fields, timestamp, ...texts }: StageValues["embed"]): EmbedTemplate {
  const { name, ...links } = author;
  return {
    ...said(texts),
    ...(name.trim() === "" ? {} : { author: { name, ...said(links) } }),
    ...(/^#[0-9a-f]{6}$/i.test(color) ? { color: Number.parseInt(color.slice(1), 16) } : {}),
    fields: fields.filter((field) => field.name.trim() !== "" || field.value.trim() !== ""),
    timestamp,
  };
}

/** Those texts that say something. */
function said<T extends Record<string, string>>(texts: T): Partial<T> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== "")) as Partial<T>;
}

/** Where the form has the field that the server calls by this path. */
export function formPath(path: string): string {
  return path.replace(/^(?:body[./])?template[./]/, "").replaceAll("/", ".");
}
