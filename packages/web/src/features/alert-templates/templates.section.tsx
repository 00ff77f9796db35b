import { Section } from "../../ui/sections.frame.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { templatesTexts as t } from "./templates.texts.ts";

/** What alerts say. */
export function TemplatesSection(_: GuildSectionProps) {
  return (
    <Section title={t.title} lead={t.lead}>
      {null}
    </Section>
  );
}
