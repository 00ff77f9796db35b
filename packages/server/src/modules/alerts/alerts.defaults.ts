import type { GuildConfig } from "@foyer/protocol";

/** What a guild may choose for its alerts. */
export type AlertChoices = Pick<GuildConfig, "endAction" | "mention" | "reannounceMinutes" | "maxEdits">;

/** What holds for a guild as long as nobody has chosen anything else. */
export const defaultChoices: AlertChoices = {
  endAction: "recap",
  mention: { kind: "nobody" },
  reannounceMinutes: 10,
  maxEdits: 10,
};
