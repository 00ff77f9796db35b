import {
  type AlertTemplate,
  discordSizes,
  type EmbedTemplate,
  type RenderedMessage,
  type TemplateVariable,
  templateVariables,
} from "@foyer/protocol";
import { isoTime } from "../../../platform/clock/clock.ts";
import { cutAtGrapheme } from "./outside.text.ts";
import { addressOf, type Dialect, httpsAddress, type Piece, pieceOf, type TemplateContext } from "./template.values.ts";

type Embed = NonNullable<RenderedMessage["embed"]>;

const known: ReadonlySet<string> = new Set(templateVariables);
const isVariable = (name: string): name is TemplateVariable => known.has(name);

/** Names in braces, in order, each as often as it stands there. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);
}

/**
 * A template filled in, within Discord's sizes whatever the variables hold. `dialect` says whose Markdown is written;
 * names of authors and footers, where none is read, are plain. Mentions nobody but `mentionRoleId`, and that one even
 * where the template forgot to say where.
 */
export function renderAlert(
  template: AlertTemplate,
  stage: "live" | "ended",
  context: TemplateContext,
  dialect: Exclude<Dialect, "plain"> = "discord",
): RenderedMessage {
  const { content, embed } = stage === "live" ? template.live : template.recap;
  const mention = pieceOf("mention", context, dialect).text;
  const said = fill(content, context, dialect);
  const withMention =
    mention === "" || variablesIn(content).includes("mention") ? said : [whole(`${mention} `), ...said];
  return {
    content: fit(withMention, discordSizes.content).trim(),
    // A mention inside an embed is a mention of nobody, but looks like one.
    embed: embed === null ? null : renderEmbed(embed, { ...context, mentionRoleId: null }, dialect),
  };
}

function renderEmbed(template: EmbedTemplate, context: TemplateContext, dialect: Dialect): Embed | null {
  const text = (from: string | undefined, most: number, as = dialect) => {
    const rendered = from === undefined ? "" : fit(fill(from, context, as), most).trim();
    return rendered === "" ? undefined : rendered;
  };
  const address = (from: string | undefined) => (from === undefined ? undefined : fillAddress(from, context));
  const authorName = text(template.author?.name, discordSizes.author, "plain");
  const embed: Embed = withoutUndefined({
    title: text(template.title, discordSizes.title),
    url: address(template.url),
    description: text(template.description, discordSizes.description),
    color: template.color,
    author:
      authorName === undefined
        ? undefined
        : withoutUndefined({
            name: authorName,
            url: address(template.author?.url),
            iconUrl: address(template.author?.iconUrl),
          }),
    thumbnailUrl: address(template.thumbnailUrl),
    imageUrl: address(template.imageUrl),
    fields: template.fields.flatMap(({ name, value, inline }) => {
      const field = { name: text(name, discordSizes.fieldName), value: text(value, discordSizes.fieldValue), inline };
      // What is not known yet is not said: Discord takes no empty fields.
      return field.name === undefined || field.value === undefined
        ? []
        : [{ name: field.name, value: field.value, inline }];
    }),
    footer: text(template.footer, discordSizes.footer, "plain"),
    timestamp: template.timestamp ? isoTime(context.stream.startedAt) : undefined,
  });
  const shown = withinTotal(embed);
  const isEmpty = shown.fields.length === 0 && Object.keys(shown).every((key) => key === "fields" || key === "color");
  return isEmpty ? null : shown;
}

/** Discord counts the texts of an embed together: the description gives way first, then fields from the end. */
function withinTotal(embed: Embed): Embed {
  const length = (text: string | undefined) => text?.length ?? 0;
  const rest = ({ title, author, footer, fields }: Embed) =>
    length(title) +
    length(author?.name) +
    length(footer) +
    fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  let shown = embed;
  const room = discordSizes.embedTotal - rest(shown);
  if (length(shown.description) > room) {
    const description = cutAtGrapheme(shown.description ?? "", Math.max(0, room));
    const { description: _, ...others } = shown;
    shown = description === "" ? others : { ...shown, description };
  }
  while (rest(shown) + length(shown.description) > discordSizes.embedTotal && shown.fields.length > 0) {
    shown = { ...shown, fields: shown.fields.slice(0, -1) };
  }
  return shown;
}

function fill(text: string, context: TemplateContext, dialect: Dialect): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{([a-z_]+)\}/g)) {
    const [found, name = ""] = match;
    if (!isVariable(name)) continue;
    pieces.push({ text: text.slice(at, match.index), whole: false }, pieceOf(name, context, dialect));
    at = match.index + found.length;
  }
  return [...pieces, { text: text.slice(at), whole: false }].filter((each) => each.text !== "");
}

/** Joins pieces up to `most` UTF-16 units; what does not fit as a whole ends the text. */
function fit(pieces: readonly Piece[], most: number): string {
  let text = "";
  for (const next of pieces) {
    if (text.length + next.text.length <= most) {
      text += next.text;
      continue;
    }
    return next.whole
      ? cutAtGrapheme(`${text} `, Math.min(most, text.length))
      : text + cutAtGrapheme(next.text, most - text.length);
  }
  return text;
}

function fillAddress(text: string, context: TemplateContext): string | undefined {
  let missing = false;
  const filled = text.replaceAll(/\{([a-z_]+)\}/g, (_found, name: string) => {
    if (!isVariable(name)) return "";
    const address = addressOf(name, context);
    if (address !== undefined) return address;
    const value = pieceOf(name, context, "plain").text;
    if (value === "") missing = true;
    return encodeURIComponent(value);
  });
  return missing ? undefined : httpsAddress(filled);
}

const whole = (text: string): Piece => ({ text, whole: true });

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Drops what is undefined, so that nothing is said about it. */
function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
