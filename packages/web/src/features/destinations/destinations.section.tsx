import { Section } from "../../ui/sections.frame.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { destinationsTexts as t } from "./destinations.texts.ts";

/** Where the alerts of a server go. */
export function DestinationsSection(_: GuildSectionProps) {
  return (
    <Section title={t.title} lead={t.lead}>
      {null}
    </Section>
  );
}
