import { Section } from "../../ui/sections.frame.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { deliveriesTexts as t } from "./deliveries.texts.ts";

/** What became of each alert. */
export function DeliveriesSection(_: GuildSectionProps) {
  return (
    <Section title={t.title} lead={t.lead}>
      {null}
    </Section>
  );
}
