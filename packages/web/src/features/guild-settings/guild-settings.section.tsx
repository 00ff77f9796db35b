import { Section } from "../../ui/sections.frame.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { guildSettingsTexts as t } from "./guild-settings.texts.ts";

/** What holds for all alerts of a server. */
export function GuildSettingsSection(_: GuildSectionProps) {
  return (
    <Section title={t.title} lead={t.lead}>
      {null}
    </Section>
  );
}
