import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ConfirmDialog } from "../../ui/confirm.dialog.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { say } from "../../ui/undo.toast.tsx";
import { guildsQuery } from "../alerts/alerts.queries.ts";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import styles from "./guild-settings.module.css";
import { guildSettingsTexts as t } from "./guild-settings.texts.ts";

/** Forgets a Discord server and all that was set up for it. */
export function ForgetSection({ guild }: GuildSectionProps) {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const { guildId, name } = guild;
  const forget = useMutation({
    mutationFn: () => client.api.forgetGuild({ params: { guildId } }),
    onSuccess: async () => {
      say(t.forgotten(name));
      await navigate({ to: "/alerts" });
      await queries.invalidateQueries({ queryKey: guildsQuery(client).queryKey });
    },
  });
  return (
    <Section title={t.forgetTitle} lead={t.forgetLead}>
      <Button variant="outline" color="red" onClick={() => setAsking(true)}>
        {t.forget}
      </Button>
      <ConfirmDialog
        title={t.forgetAsk(name)}
        action={t.forget}
        opened={asking}
        busy={forget.isPending}
        error={forget.error}
        onConfirm={() => forget.mutate()}
        onClose={() => setAsking(false)}
      >
        <p className={styles.plain}>{t.forgetAskLead}</p>
      </ConfirmDialog>
    </Section>
  );
}
