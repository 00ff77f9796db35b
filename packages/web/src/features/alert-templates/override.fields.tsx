import type { Destination, MentionChoice, StreamerOverride } from "@foyer/protocol";
import { Stack, Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { choiceTexts } from "../alerts/choice.texts.ts";
import { MentionField, mentionProblem } from "../alerts/mention.field.tsx";
import { overridesQuery } from "./overrides.query.ts";
import styles from "./templates.module.css";
import { templatesTexts as t } from "./templates.texts.ts";

interface OverrideFieldsProps {
  guildId: string;
  destination: Destination;
  override: StreamerOverride;
}

/** Whether one streamer is announced at a destination, and who is mentioned then. Each change counts at once. */
export function OverrideFields({ guildId, destination, override }: OverrideFieldsProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { streamer, template } = override;
  const { destinationId, kind } = destination;
  // A role that is being chosen is not a choice yet.
  const [mention, setMention] = useState(override.mention);
  const save = useMutation({
    mutationFn: (change: { enabled?: boolean; mention?: MentionChoice | null }) =>
      client.api.setOverride({
        params: { guildId, destinationId, streamerId: streamer.streamerId },
        body: { enabled: override.enabled, mention: override.mention, template, ...change },
      }),
    onSuccess: () => say(t.overrideSaved),
    onError: (error) => {
      setMention(override.mention);
      sayError(error);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: overridesQuery(client, guildId, destinationId).queryKey }),
  });
  return (
    <fieldset className={styles.override}>
      <legend className={styles.legend}>{t.override}</legend>
      <Stack gap="md">
        <Switch
          label={t.announced(streamer.displayName)}
          checked={save.isPending ? (save.variables.enabled ?? override.enabled) : override.enabled}
          onChange={(event) => save.mutate({ enabled: event.currentTarget.checked })}
        />
        {kind === "discord" && (
          <MentionField
            guildId={guildId}
            inherit={choiceTexts.inheritDestination}
            value={mention}
            onChange={(chosen) => {
              setMention(chosen);
              if (mentionProblem(chosen) === null) save.mutate({ mention: chosen });
            }}
          />
        )}
      </Stack>
    </fieldset>
  );
}
