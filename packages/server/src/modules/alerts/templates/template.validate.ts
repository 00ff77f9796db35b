import { type AlertTemplate, discordSizes, type MessageTemplate, templateVariables } from "@foyer/protocol";
import { AppError, type FieldError } from "../../../platform/errors/app.error.ts";
import { variablesIn } from "./template.render.ts";

const known: ReadonlySet<string> = new Set(templateVariables);
/** Variables that give an address by themselves. */
const addresses = new Set(["stream_url", "vod_url", "streamer_avatar_url", "stream_thumbnail_url"]);

/**
 * Checks what the shape cannot: that every variable exists, that something is said, and that the texts of an embed fit
 * together. Throws `template.invalid` with one entry for each wrong field; `path` begins with `at`.
 */
export function validateTemplate(template: AlertTemplate, at = "template"): void {
  const fields = (["live", "recap"] as const).flatMap((stage) => problemsOf(template[stage], `${at}.${stage}`));
  if (fields.length === 0) return;
  throw new AppError("template.invalid", "Something in the template is not as it must be.", { fields });
}

function problemsOf(message: MessageTemplate, at: string): FieldError[] {
  const { embed } = message;
  const texts = textsOf(message);
  const problems = texts.flatMap(([path, text]) =>
    variablesIn(text)
      .filter((name) => !known.has(name))
      .map((name) => ({ path: `${at}.${path}`, message: `has no variable {${nameForPeople(name)}}` })),
  );
  for (const [path, text] of addressesOf(message)) {
    const unknown = variablesIn(text).find((name) => !known.has(name));
    if (unknown !== undefined) {
      problems.push({ path: `${at}.${path}`, message: `has no variable {${nameForPeople(unknown)}}` });
    } else if (!text.startsWith("https://") && !addresses.has(variablesIn(text)[0] ?? "")) {
      problems.push({
        path: `${at}.${path}`,
        message: "must begin with https:// or with a variable that is an address",
      });
    }
  }
  if (message.content.trim() === "" && (embed === null || texts.every(([, text]) => text.trim() === ""))) {
    problems.push({ path: `${at}.content`, message: "says nothing: write a text, or an embed with one" });
  }
  const total = texts.filter(([path]) => path !== "content").reduce((sum, [, text]) => sum + text.length, 0);
  if (total > discordSizes.embedTotal) {
    problems.push({
      path: `${at}.embed`,
      message: `has ${total} characters altogether; Discord takes ${discordSizes.embedTotal}`,
    });
  }
  return problems;
}

function textsOf({ content, embed }: MessageTemplate): [path: string, text: string][] {
  const texts: [string, string | undefined][] = [
    ["content", content],
    ["embed.title", embed?.title],
    ["embed.description", embed?.description],
    ["embed.author.name", embed?.author?.name],
    ["embed.footer", embed?.footer],
    ...(embed?.fields ?? []).flatMap(({ name, value }, index): [string, string][] => [
      [`embed.fields.${index}.name`, name],
      [`embed.fields.${index}.value`, value],
    ]),
  ];
  return texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]]));
}

function addressesOf({ embed }: MessageTemplate): [path: string, text: string][] {
  const texts: [string, string | undefined][] = [
    ["embed.url", embed?.url],
    ["embed.author.url", embed?.author?.url],
    ["embed.author.iconUrl", embed?.author?.iconUrl],
    ["embed.thumbnailUrl", embed?.thumbnailUrl],
    ["embed.imageUrl", embed?.imageUrl],
  ];
  return texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]]));
}

/** What was written, short and without anything that could do harm where the message is shown. */
const nameForPeople = (name: string) => name.replace(/[^\w .-]/g, "").slice(0, 40);
