import type { ProgramToken } from "@foyer/protocol";
import { dayText, whenText } from "../../ui/when.text.tsx";
import { programsTexts as t } from "./programs.texts.ts";

/** Choices of how long a token lasts, in days; `never` until it is revoked. */
export const lives = ["7", "30", "90", "366", "never"] as const;
export type Life = (typeof lives)[number];

/** Days for the server; undefined: until it is revoked. */
export function daysOf(life: Life): number | undefined {
  return life === "never" ? undefined : Number(life);
}

/** True once a token no longer counts. `now` in milliseconds since 1970. */
export function isExpired(token: Pick<ProgramToken, "expiresAt">, now: number = Date.now()): boolean {
  return token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now;
}

/** Use and life of a token in one line. `now` in milliseconds since 1970. */
export function lifeText(token: ProgramToken, now: number = Date.now()): string {
  const used = token.lastUsedAt === undefined ? t.neverUsed : t.lastUsed(whenText(token.lastUsedAt, now));
  const end = token.expiresAt === undefined ? t.never : t.expires(dayText(token.expiresAt));
  return [t.created(dayText(token.createdAt)), used, end].join(" · ");
}
