import { FoyerError } from "@foyer/client";
import { errorCode, errorText } from "./error.text.ts";

/**
 * Errors for the fields of a form, by name: what the server says about single fields, and codes that are about one
 * field (`byCode`). Empty when the error is about the whole form.
 */
export function fieldErrors(error: unknown, byCode: Record<string, string> = {}): Record<string, string> {
  const field = byCode[errorCode(error)];
  if (field !== undefined) return { [field]: errorText(error) };
  if (!(error instanceof FoyerError) || error.fields === undefined) return {};
  return Object.fromEntries(error.fields.map((wrong) => [wrong.path.replace(/^(body)?[./]/, ""), wrong.message]));
}
