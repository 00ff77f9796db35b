import { Section } from "../../ui/sections.frame.tsx";
import { BanList } from "../moderation/ban.list.tsx";
import { adminTexts } from "./admin.texts.ts";

const t = adminTexts.bans;

/** Bans of the whole server. */
export function BansSection() {
  return (
    <Section title={t.title} lead={t.lead}>
      <BanList label={t.list} empty={t.empty} emptyHint={t.emptyHint} />
    </Section>
  );
}
