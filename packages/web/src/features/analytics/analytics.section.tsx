import { Section } from "../../ui/sections.frame.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { analyticsTexts as t } from "./analytics.texts.ts";

/** How many alerts, and how fast. */
export function AnalyticsSection(_: GuildSectionProps) {
  return (
    <Section title={t.title} lead={t.lead}>
      {null}
    </Section>
  );
}
