import { FoyerError } from "@foyer/client";
import { errorTexts, uiTexts } from "./ui.texts.ts";

/** An error of this page itself: its message is what to tell people. */
export class SaidError extends Error {
  override readonly name = "SaidError";
}

/** Words for an error of any kind, from its code; the server's own words for codes that have none here. */
export function errorText(error: unknown): string {
  if (error instanceof SaidError) return error.message;
  const code = errorCode(error);
  if (code === "rate.limited" && error instanceof FoyerError && (error.retryAfter ?? 0) > 0) {
    return uiTexts.waitFor(error.retryAfter ?? 0);
  }
  return errorTexts[code] ?? (error instanceof FoyerError && error.message !== "" ? error.message : unknownText());
}

/** Words for a code alone, as pending messages carry it. */
export function codeText(code: string, fallback: string): string {
  return errorTexts[code] ?? (fallback === "" ? unknownText() : fallback);
}

/** Stable code of an error. */
export function errorCode(error: unknown): string {
  if (error instanceof FoyerError) return error.code;
  return "unknown";
}

function unknownText(): string {
  return errorTexts["unknown"] ?? "";
}
