import { type ClientAction, type ClientFrame, clientFrames } from "@foyer/protocol";
import { AppError } from "../../../platform/errors/app.error.ts";

/** The JSON object of a text frame. Throws `request.malformed`. */
export function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError("request.malformed", "A frame is one JSON object.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("request.malformed", "A frame is one JSON object.");
  }
  return value as Record<string, unknown>;
}

/** The frame of an object, after the schema of its action. Throws `request.unknown_action`, `request.invalid`. */
export function validate(input: Record<string, unknown>): ClientFrame {
  const { action } = input;
  if (typeof action !== "string" || !Object.hasOwn(clientFrames, action)) {
    throw new AppError("request.unknown_action", "There is no such action.");
  }
  const result = clientFrames[action as ClientAction].safeParse(input);
  if (result.success) return result.data;
  const wrong = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new AppError("request.invalid", wrong.join("; "));
}
