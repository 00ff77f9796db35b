import { Section } from "../../ui/sections.frame.tsx";
import { notificationsTexts as t } from "./notifications.texts.ts";

/** How one wants to hear of streams: by whom, by which way, and when not. */
export function NotificationsSections() {
  return (
    <Section title={t.title} lead={t.lead}>
      {null}
    </Section>
  );
}
