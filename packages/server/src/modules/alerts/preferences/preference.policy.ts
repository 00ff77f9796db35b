import type { Choice } from "./preference.types.ts";

/**
 * What holds for somebody who has chosen nothing. In Discord nobody is mentioned who did not ask for it; on this
 * server's own phones and browsers, which people add for this very purpose, silence would be the surprise.
 */
export function defaultChoice(guildId: string): Choice {
  return { discord: false, push: guildId === "here" };
}
