import type { GuildConfigView } from "@foyer/protocol";
import { Button, Group, NumberInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { say } from "../../ui/undo.toast.tsx";
import { guildConfigQuery } from "../alerts/alerts.queries.ts";
import { EndActionField } from "../alerts/end-action.field.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { MentionField, mentionProblem } from "../alerts/mention.field.tsx";
import { ForgetSection } from "./forget.section.tsx";
import styles from "./guild-settings.module.css";
import { guildSettingsTexts as t } from "./guild-settings.texts.ts";

/** What the server takes (`updateGuildConfigBody`). */
const mostMinutes = 120;
const mostEdits = 100;

/** What holds for all alerts of a server. */
export function GuildSettingsSection({ guild }: GuildSectionProps) {
  const config = useQuery(guildConfigQuery(useClient(), guild.guildId));
  return (
    <>
      <Section title={t.title} lead={t.lead}>
        {config.isPending && <LoadingState rows={5} />}
        {config.isError && <ErrorState error={config.error} onRetry={() => void config.refetch()} />}
        {config.isSuccess && <ConfigForm guild={guild} config={config.data} />}
      </Section>
      {guild.guildId !== "here" && <ForgetSection guild={guild} />}
    </>
  );
}

const valuesOf = ({ endAction, mention, reannounceMinutes, maxEdits }: GuildConfigView) => ({
  endAction,
  mention,
  reannounceMinutes: reannounceMinutes as number | string,
  maxEdits: maxEdits as number | string,
});
type FormValues = ReturnType<typeof valuesOf>;

/** What stands in a number field while somebody writes is a text. */
const isWhole = (value: number | string, most: number) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;

function ConfigForm({ guild, config }: GuildSectionProps & { config: GuildConfigView }) {
  const client = useClient();
  const queries = useQueryClient();
  const { guildId, installUrl } = guild;
  const form = useForm<FormValues>({
    initialValues: valuesOf(config),
    validate: {
      mention: mentionProblem,
      reannounceMinutes: (value) => (isWhole(value, mostMinutes) ? null : t.outOf(0, mostMinutes)),
      maxEdits: (value) => (isWhole(value, mostEdits) ? null : t.outOf(0, mostEdits)),
    },
  });
  const save = useMutation({
    mutationFn: ({ reannounceMinutes, maxEdits, ...rest }: FormValues) =>
      client.api.updateGuildConfig({
        params: { guildId },
        body: { ...rest, reannounceMinutes: Number(reannounceMinutes), maxEdits: Number(maxEdits) },
      }),
    onSuccess: (changed) => {
      queries.setQueryData(guildConfigQuery(client, guildId).queryKey, changed);
      form.setInitialValues(valuesOf(changed));
      form.setValues(valuesOf(changed));
      say(t.saved);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const problem = config.followerRoleProblem;
  const mentionError = form.errors["mention"];
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="lg">
        {guildId !== "here" && (
          <div>
            <MentionField
              guildId={guildId}
              value={form.values.mention}
              error={typeof mentionError === "string" ? mentionError : undefined}
              onChange={(value) => form.setFieldValue("mention", value ?? { kind: "nobody" })}
            />
            {problem !== null && form.values.mention.kind === "followers" && (
              <div role="alert" className={styles.problem}>
                <p className={styles.words}>{t.problems[problem]}</p>
                {problem === "no_permission" && installUrl !== null && (
                  <Button component="a" href={installUrl} target="_blank" rel="noopener" size="xs" variant="default">
                    {t.grant}
                  </Button>
                )}
              </div>
            )}
          </div>
        )}
        <EndActionField
          value={form.values.endAction}
          onChange={(value) => form.setFieldValue("endAction", value ?? "recap")}
        />
        <NumberInput
          label={t.reannounce}
          description={t.reannounceHint}
          suffix={` ${t.minutes}`}
          allowDecimal={false}
          allowNegative={false}
          min={0}
          max={mostMinutes}
          clampBehavior="none"
          {...form.getInputProps("reannounceMinutes")}
        />
        <NumberInput
          label={t.maxEdits}
          description={t.maxEditsHint}
          allowDecimal={false}
          allowNegative={false}
          min={0}
          max={mostEdits}
          clampBehavior="none"
          {...form.getInputProps("maxEdits")}
        />
        <FormProblem error={save.error} fields={form.errors} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
