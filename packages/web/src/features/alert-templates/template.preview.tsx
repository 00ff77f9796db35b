import type { AlertTemplate, TemplatePreview } from "@foyer/protocol";
import { SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { errorText } from "../../ui/error.text.ts";
import { fieldErrors } from "../../ui/form.errors.ts";
import { LoadingState } from "../../ui/state.view.tsx";
import { alertsStatusQuery, rolesQuery } from "../alerts/alerts.queries.ts";
import { DiscordPreview } from "./discord.preview.tsx";
import styles from "./templates.module.css";
import { templatesTexts as t } from "./templates.texts.ts";

/** Nobody types faster than they look. */
const pauseMs = 300;

interface PreviewProps {
  guildId: string;
  template: AlertTemplate;
  stage: "live" | "recap";
  destinationId?: string;
  streamerId?: string;
  /** What stands below it. */
  children?: ReactNode;
}

/** The stage that is being written, filled in by the server and drawn as Discord draws it. */
export function TemplatePreviewPanel({ guildId, template, stage, destinationId, streamerId, children }: PreviewProps) {
  const client = useClient();
  const [scheme, setScheme] = useState<"dark" | "light">("dark");
  const [body] = useDebouncedValue(
    {
      template,
      ...(destinationId !== undefined && { destinationId }),
      ...(streamerId !== undefined && { streamerId }),
    },
    pauseMs,
  );
  const preview = useQuery({
    queryKey: ["guilds", guildId, "preview", body],
    queryFn: ({ signal }) => client.api.previewAlert({ params: { guildId }, body, signal }),
    gcTime: 30_000,
    retry: false,
  });
  const status = useQuery(alertsStatusQuery(client));
  const roles = useQuery({ ...rolesQuery(client, guildId), enabled: guildId !== "here" });
  // What was good last stays while somebody is in the middle of a word.
  const [good, setGood] = useState<TemplatePreview>();
  useEffect(() => {
    if (preview.data !== undefined) setGood(preview.data);
  }, [preview.data]);
  const names = new Map((roles.data?.items ?? []).map(({ roleId, name }) => [roleId, name]));
  return (
    <section className={styles.preview} aria-label={t.preview}>
      <div className={styles.previewHead}>
        <div>
          <h3 className={styles.previewTitle}>{t.preview}</h3>
          <p className={styles.quiet}>{t.previewLead}</p>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={t.scheme}
          value={scheme}
          onChange={setScheme}
          data={(["dark", "light"] as const).map((value) => ({ value, label: t.schemes[value] }))}
        />
      </div>
      {good === undefined && !preview.isError && <LoadingState rows={4} />}
      {good !== undefined && (
        <DiscordPreview
          message={good[stage]}
          scheme={scheme}
          botName={status.data?.discord.botName ?? t.botName}
          roles={names}
        />
      )}
      <div role="status">
        {preview.isError && (
          <p className={styles.problem}>
            {t.previewFailed} {Object.values(fieldErrors(preview.error))[0] ?? errorText(preview.error)}
          </p>
        )}
      </div>
      {children !== undefined && <div className={styles.test}>{children}</div>}
    </section>
  );
}
