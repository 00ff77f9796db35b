import ipaddr from "ipaddr.js";
import { z } from "zod";

/** One setting, declared once: the schema of the start and the table in the documentation both come from it. */
export interface Variable<T = unknown> {
  name: string;
  description: string;
  /** What it is when it is not given, in words or as the value itself; "" when there is none. */
  defaultText: string;
  /** What is allowed, in words: it stands in the error line and in the table. */
  allowed: string;
  /** Turns the text into the value. Only told apart as right or wrong: `allowed` is what people read. */
  parse: z.ZodType<T, string>;
  /** Never printed. */
  secret?: boolean;
  /** Variables of one group are given together or not at all. */
  group?: string;
  /** Within a group: may be left out. */
  optional?: boolean;
}

/** What a variable needs besides its parser. */
export interface VariableText {
  description: string;
  defaultText?: string;
  allowed?: string;
  secret?: boolean;
  group?: string;
  optional?: boolean;
}

/** Declares a variable whose value is `parse`d from its text. */
export function variable<T>(
  name: string,
  allowed: string,
  parse: z.ZodType<T, string>,
  text: VariableText,
): Variable<T> {
  return { name, allowed, parse, defaultText: "", ...text };
}

/** A whole number from `low` to `high`. */
export function wholeNumber(low: number, high: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().int().min(low).max(high));
}

/** One of a few words. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W): z.ZodType<W[number], string> {
  return z.enum(words);
}

/** A duration as seconds: `90`, `90s`, `30m`, `24h`, `7d`. */
export const duration: z.ZodType<number, string> = z
  .string()
  .regex(/^[1-9]\d{0,8}(?:s|m|h|d)?$/)
  .transform((text) => {
    const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[text.at(-1) ?? "s"];
    return unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit;
  });

/** Text that is not empty and holds no control characters. */
export const plainText: z.ZodType<string, string> = z.string().regex(/^\P{Cc}+$/u);

function parsedUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** An http or https address without path, query and password, as an origin (`https://chat.example`). */
export const origin: z.ZodType<string, string> = z
  .string()
  .refine((text) => {
    const url = parsedUrl(text);
    return (
      url !== undefined &&
      (url.protocol === "http:" || url.protocol === "https:") &&
      url.pathname === "/" &&
      url.search + url.hash + url.username + url.password === ""
    );
  })
  .transform((text) => new URL(text).origin);

/** A URL with one of the given schemes (`redis:`). */
export function urlWith(...schemes: string[]): z.ZodType<string, string> {
  return z.string().refine((text) => schemes.includes(parsedUrl(text)?.protocol ?? ""));
}

/** A comma-separated list; spaces around entries do not matter. */
export function listOf<T>(entry: z.ZodType<T, string>): z.ZodType<T[], string> {
  return z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .pipe(z.array(entry));
}

/** A network as `10.0.0.0/8`; a bare address stands for itself alone. */
export const network: z.ZodType<string, string> = z
  .string()
  .refine((text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text))
  .transform((text) => {
    if (text.includes("/")) return text;
    return `${text}/${ipaddr.parse(text).kind() === "ipv4" ? 32 : 128}`;
  });
