import { z } from "zod";
import type { Binding } from "../vault/vault.ts";
import type { Letter } from "./mail.ts";

const shape = z.object({ to: z.string(), subject: z.string(), text: z.string(), html: z.string() });

/** What a letter that waits is bound to: it opens for its account alone. */
export function letterBinding(accountId: string): Binding {
  return { accountId, provider: "foyer", purpose: "letter" };
}

/** The text that is sealed. */
export function letterText({ to, subject, text, html }: Letter & { to: string }): string {
  return JSON.stringify({ to, subject, text, html });
}

/** The letter in a text that was opened. Throws when it is none. */
export function letterOf(text: string): Letter & { to: string } {
  return shape.parse(JSON.parse(text));
}
