import type { AlertTemplate } from "@foyer/protocol";
import { Button, Tabs } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { destinationsQuery, guildConfigQuery } from "../alerts/alerts.queries.ts";
import { TestButton, type TestOutcome, TestOutcomeLine } from "../destinations/test.button.tsx";
import { LeaveGuard } from "./leave.guard.tsx";
import { overridesQuery } from "./overrides.query.ts";
import { StageFields } from "./stage.fields.tsx";
import { formPath, type TemplateValues, templateOf, valuesOf } from "./template.form.ts";
import { TemplatePreviewPanel } from "./template.preview.tsx";
import type { TemplateTarget } from "./template.target.ts";
import styles from "./templates.module.css";
import { templatesTexts as t } from "./templates.texts.ts";

const stages = ["live", "recap"] as const;
type Stage = (typeof stages)[number];

interface EditorProps {
  guildId: string;
  target: TemplateTarget;
}

/** Both stages of a template beside a preview of the one that is open. */
export function TemplateEditor({ guildId, target }: EditorProps) {
  const [stage, setStage] = useState<Stage>("live");
  const [outcome, setOutcome] = useState<TestOutcome>();
  const { destination, override, kind } = target;
  const form = useForm<TemplateValues>({ initialValues: valuesOf(target.template) });
  const store = useStore(guildId, target);

  const showErrors = (error: unknown) => {
    const told = Object.entries(fieldErrors(error)).map(([path, text]) => [formPath(path), text] as const);
    if (told.length === 0) return;
    form.setErrors(Object.fromEntries(told));
    const first = told[0]?.[0] ?? "";
    setStage(first.startsWith("recap") ? "recap" : "live");
    // The tab with the field has to be there first.
    setTimeout(() => document.querySelector<HTMLElement>(`[data-path="${CSS.escape(first)}"]`)?.focus(), 50);
  };
  const save = useMutation({
    mutationFn: (values: TemplateValues) => store(templateOf(values)),
    onSuccess: (_, values) => {
      form.setInitialValues(values);
      form.resetDirty(values);
      form.clearErrors();
      say(t.saved);
    },
    onError: showErrors,
  });
  const drop = useMutation({
    mutationFn: () => store(null),
    onSuccess: (template) => {
      form.setInitialValues(valuesOf(template));
      form.setValues(valuesOf(template));
      form.clearErrors();
      say(kind === "server" ? t.standardDone : t.dropped);
    },
    onError: sayError,
  });
  const isDirty = form.isDirty();
  return (
    <form noValidate className={styles.editor} onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <div>
        {!target.isOwn && <p className={styles.note}>{t.inherits[target.inheritsFrom]}</p>}
        <Tabs value={stage} onChange={(value) => setStage(value === "recap" ? "recap" : "live")} keepMounted={false}>
          <Tabs.List aria-label={t.stage} className={styles.tabs}>
            {stages.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t.stages[each]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {stages.map((each) => (
            <Tabs.Panel key={each} value={each} pt="md">
              <StageFields form={form} stage={each} />
            </Tabs.Panel>
          ))}
        </Tabs>
        <div className={styles.foot}>
          <FormProblem error={save.error} fields={form.errors} />
          <div role="status">{isDirty && <span className={styles.quiet}>{t.notSaved}</span>}</div>
          <div className={styles.actions}>
            {(target.isOwn || kind === "server") && (
              <Button variant="subtle" loading={drop.isPending} onClick={() => drop.mutate()}>
                {kind === "server" ? t.standard : t.dropOwn[target.inheritsFrom]}
              </Button>
            )}
            <span className={styles.space} />
            <Button variant="default" disabled={!isDirty} onClick={() => form.reset()}>
              {t.discard}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!isDirty}>
              {t.save}
            </Button>
          </div>
        </div>
      </div>
      <TemplatePreviewPanel
        guildId={guildId}
        template={templateOf(form.values)}
        stage={stage}
        {...(destination !== undefined && { destinationId: destination.destinationId })}
        {...(override !== undefined && { streamerId: override.streamer.streamerId })}
      >
        {destination !== undefined && !isDirty && (
          <>
            <TestButton guildId={guildId} destination={destination} onOutcome={setOutcome} />
            <TestOutcomeLine outcome={outcome} />
          </>
        )}
      </TemplatePreviewPanel>
      <LeaveGuard isDirty={isDirty} />
    </form>
  );
}

/** Keeps a template where it belongs; null takes away what it has of its own. Gives what is used there then. */
function useStore(guildId: string, target: TemplateTarget) {
  const { destination, override } = target;
  const client = useClient();
  const queries = useQueryClient();
  const config = guildConfigQuery(client, guildId);
  return async (template: AlertTemplate | null): Promise<AlertTemplate> => {
    const server = queries.getQueryData(config.queryKey)?.template;
    if (destination === undefined) {
      const changed = await client.api.updateGuildConfig({ params: { guildId }, body: { template } });
      queries.setQueryData(config.queryKey, changed);
      return changed.template;
    }
    const { destinationId } = destination;
    if (override === undefined) {
      const changed = await client.api.updateDestination({ params: { guildId, destinationId }, body: { template } });
      await queries.invalidateQueries({ queryKey: destinationsQuery(client, guildId).queryKey });
      return changed.template ?? server ?? target.template;
    }
    const { enabled, mention, streamer } = override;
    const changed = await client.api.setOverride({
      params: { guildId, destinationId, streamerId: streamer.streamerId },
      body: { enabled, mention, template },
    });
    await queries.invalidateQueries({ queryKey: overridesQuery(client, guildId, destinationId).queryKey });
    return changed.template ?? destination.template ?? server ?? target.template;
  };
}
