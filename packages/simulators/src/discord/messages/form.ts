import { z } from "zod";
import { createForm, type Form, refusal } from "../rest/errors.ts";

/** An embed as it comes in. Fields that this simulator does not look at are kept as they are. */
const embed = z.looseObject({
  title: z.string().nullish(),
  url: z.string().nullish(),
  description: z.string().nullish(),
  color: z.number().nullish(),
  timestamp: z.string().nullish(),
  author: z
    .looseObject({ name: z.string().optional(), url: z.string().nullish(), icon_url: z.string().nullish() })
    .nullish(),
  footer: z.looseObject({ text: z.string().optional(), icon_url: z.string().nullish() }).nullish(),
  image: z.looseObject({ url: z.string().optional() }).nullish(),
  thumbnail: z.looseObject({ url: z.string().optional() }).nullish(),
  fields: z
    .array(z.looseObject({ name: z.string().optional(), value: z.string().optional(), inline: z.boolean().optional() }))
    .nullish(),
});
export type EmbedForm = z.infer<typeof embed>;

const allowedMentions = z.looseObject({
  parse: z.array(z.string()).nullish(),
  users: z.array(z.string()).nullish(),
  roles: z.array(z.string()).nullish(),
  replied_user: z.boolean().nullish(),
});
export type AllowedMentions = z.infer<typeof allowedMentions>;

const messageForm = z.looseObject({
  content: z.union([z.string(), z.number()]).nullish(),
  embeds: z.array(embed).nullish(),
  allowed_mentions: allowedMentions.nullish(),
  nonce: z.union([z.string(), z.number().int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  flags: z.number().int().nullish(),
});
export type MessageForm = z.infer<typeof messageForm>;

const tooLong = (most: number) => ["BASE_TYPE_MAX_LENGTH", `Must be ${most} or fewer in length.`] as const;
const required = ["BASE_TYPE_REQUIRED", "This field is required"] as const;

/** The body of a message that is posted or edited. Throws 50035 with Discord's tree of errors. */
export function readMessageForm(body: unknown): MessageForm {
  const parsed = messageForm.safeParse(body);
  const form = createForm();
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path.map((each) => (typeof each === "symbol" ? String(each) : each));
      if (path[0] === "nonce") form.wrong(path, "NONCE_TYPE_INVALID_TYPE", "This field must be a string or integer.");
      else form.wrong(path, "BASE_TYPE_INVALID", `Could not be interpreted: ${issue.message}`);
    }
    form.check();
    throw refusal.badJson();
  }
  const { data } = parsed;
  if (String(data.content ?? "").length > 2000) form.wrong(["content"], ...tooLong(2000));
  if (String(data.nonce ?? "").length > 25)
    form.wrong(["nonce"], "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer characters long.");
  checkMentions(form, data.allowed_mentions ?? {});
  const embeds = data.embeds ?? [];
  if (embeds.length > 10) form.wrong(["embeds"], ...tooLong(10));
  else for (const [index, each] of embeds.entries()) checkEmbed(form, ["embeds", index], each);
  form.check();
  if (embeds.reduce((sum, each) => sum + embedSize(each), 0) > 6000)
    form.wrong(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
  form.check();
  return data;
}

function checkMentions(form: Form, { parse, users, roles }: AllowedMentions): void {
  const at = "allowed_mentions";
  for (const [index, each] of (parse ?? []).entries()) {
    if (!["users", "roles", "everyone"].includes(each))
      form.wrong([at, "parse", index], "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').");
  }
  for (const [name, list] of [
    ["users", users ?? []],
    ["roles", roles ?? []],
  ] as const) {
    if (list.length > 100) form.wrong([at, name], ...tooLong(100));
    for (const [index, id] of list.entries()) {
      if (!/^\d{1,20}$/.test(id))
        form.wrong([at, name, index], "NUMBER_TYPE_COERCE", `Value "${id}" is not snowflake.`);
      else if (list.indexOf(id) < index)
        form.wrong([at, name, index], "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
    if (list.length > 0 && (parse ?? []).includes(name)) {
      const message = `parse:["${name}"] and ${name}: [ids...] are mutually exclusive.`;
      form.wrong([at], "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
    }
  }
}

function checkEmbed(form: Form, at: readonly (string | number)[], each: EmbedForm): void {
  const text = (path: string[], value: string | null | undefined, most: number, isRequired = false) => {
    if (isRequired && (value ?? "").trim() === "") form.wrong([...at, ...path], ...required);
    else if ((value ?? "").length > most) form.wrong([...at, ...path], ...tooLong(most));
  };
  const link = (path: string[], value: string | null | undefined, schemes: readonly string[]) => {
    if (value === null || value === undefined || value === "") return;
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : undefined;
    if (value.length > 2048) form.wrong([...at, ...path], ...tooLong(2048));
    else if (scheme === undefined) form.wrong([...at, ...path], "URL_TYPE_INVALID_URL", "Not a well formed URL.");
    else if (!schemes.includes(scheme)) {
      const known = schemes.map((name) => `'${name}'`).join(", ");
      const message = `Scheme "${scheme}" is not supported. Scheme must be one of (${known}).`;
      form.wrong([...at, ...path], "URL_TYPE_INVALID_SCHEME", message);
    }
  };
  const web = ["http", "https"];
  const media = [...web, "attachment"];
  text(["title"], each.title, 256);
  text(["description"], each.description, 4096);
  link(["url"], each.url, [...web, "discord"]);
  if (each.footer) text(["footer", "text"], each.footer.text, 2048, true);
  link(["footer", "icon_url"], each.footer?.icon_url, media);
  if (each.author) text(["author", "name"], each.author.name, 256, true);
  link(["author", "url"], each.author?.url, web);
  link(["author", "icon_url"], each.author?.icon_url, media);
  for (const name of ["image", "thumbnail"] as const) {
    if (each[name] && (each[name].url ?? "") === "") form.wrong([...at, name, "url"], ...required);
    link([name, "url"], each[name]?.url, media);
  }
  if (typeof each.color === "number" && (each.color < 0 || !Number.isInteger(each.color)))
    form.wrong([...at, "color"], "NUMBER_TYPE_MIN", "int value should be greater than or equal to 0.");
  if (typeof each.color === "number" && each.color > 0xffffff)
    form.wrong([...at, "color"], "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.");
  if (each.timestamp && Number.isNaN(Date.parse(each.timestamp)))
    form.wrong([...at, "timestamp"], "DATE_TIME_TYPE_PARSE", `Could not parse ${each.timestamp}. Should be ISO8601.`);
  const fields = each.fields ?? [];
  if (fields.length > 25) form.wrong([...at, "fields"], ...tooLong(25));
  for (const [index, { name, value }] of fields.entries()) {
    text(["fields", String(index), "name"], name, 256, true);
    text(["fields", String(index), "value"], value, 1024, true);
  }
}

/** Characters of an embed that count towards Discord's 6,000. */
export function embedSize({ title, description, footer, author, fields }: EmbedForm): number {
  const texts = [title, description, footer?.text, author?.name, ...(fields ?? []).flatMap((f) => [f.name, f.value])];
  return texts.reduce((sum, each) => sum + (each ?? "").length, 0);
}

/** Whether nothing would be seen of an embed. */
export function isEmptyEmbed({ title, description, footer, author, image, thumbnail, fields }: EmbedForm): boolean {
  return [title, description, footer, author, image, thumbnail].every((each) => !each) && (fields ?? []).length === 0;
}
