import type { QuietHours } from "@foyer/protocol";
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "../../app/client.context.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import styles from "./notifications.module.css";
import { preferencesQuery } from "./notifications.queries.ts";
import { notificationsTexts } from "./notifications.texts.ts";
import { isOvernight, ownZone, timeZones } from "./time.zones.ts";

const t = notificationsTexts.quiet;

/** Most of the zones fit no list that anybody reads: whoever looks for one types a part of it. */
const shownZones = 60;

/** When one's devices stay silent. */
export function QuietSection() {
  const query = useQuery(preferencesQuery(useClient()));
  const save = useSave();
  const hours = query.data?.quietHours ?? null;
  return (
    <Section title={t.title} lead={t.lead}>
      {query.isPending && <LoadingState rows={2} />}
      {query.isError && query.data === undefined && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data !== undefined && (
        <>
          <Switch
            label={t.switch}
            checked={hours !== null}
            onChange={(event) => {
              const wanted = event.currentTarget.checked ? { from: "22:00", to: "08:00", timeZone: ownZone() } : null;
              save.mutate(wanted, { onError: sayError, onSuccess: () => say(wanted === null ? t.off : t.saved) });
            }}
          />
          {hours !== null && <HoursForm key={JSON.stringify(hours)} hours={hours} />}
        </>
      )}
    </Section>
  );
}

/** Keeps quiet hours: they show at once, and go back when the server does not take them. */
function useSave() {
  const client = useClient();
  const queries = useQueryClient();
  const { queryKey } = preferencesQuery(client);
  const show = (quietHours: QuietHours | null) =>
    queries.setQueryData(queryKey, (all) => (all === undefined ? all : { ...all, quietHours }));
  return useMutation({
    mutationFn: (quietHours: QuietHours | null) => client.api.setQuietHours({ body: { quietHours } }),
    onMutate: async (quietHours) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData(queryKey)?.quietHours ?? null;
      // Turned on or off. What is typed stays in its form until it is taken.
      if ((before === null) !== (quietHours === null)) show(quietHours);
      return before;
    },
    onError: (_error, _hours, before) => show(before ?? null),
    onSuccess: ({ quietHours }) => show(quietHours),
  });
}

function HoursForm({ hours }: { hours: QuietHours }) {
  const save = useSave();
  const form = useForm<QuietHours>({
    initialValues: hours,
    validate: {
      from: (from) => (from === "" ? t.needed : null),
      to: (to, { from }) => (to === "" ? t.needed : to === from ? t.sameTime : null),
    },
  });
  const zones = useMemo(() => timeZones([hours.timeZone, ownZone()]), [hours.timeZone]);
  const { from, to, timeZone } = form.values;

  function submit(values: QuietHours): void {
    save.mutate(values, {
      onSuccess: () => say(t.saved),
      onError: (error) => {
        const wrong = Object.entries(fieldErrors(error)).map(([path, text]) => [
          path.replace(/^quietHours[./]/, ""),
          text,
        ]);
        form.setErrors(Object.fromEntries(wrong) as Record<string, string>);
      },
    });
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <FormProblem error={save.error} fields={form.errors} />
      <div className={styles.hours}>
        <TextInput type="time" label={t.from} required withAsterisk={false} {...form.getInputProps("from")} />
        <TextInput type="time" label={t.to} required withAsterisk={false} {...form.getInputProps("to")} />
        <Select
          label={t.zone}
          searchable
          limit={shownZones}
          allowDeselect={false}
          data={zones}
          nothingFoundMessage={t.noZone}
          value={timeZone}
          onChange={(value) => form.setFieldValue("timeZone", value ?? timeZone)}
          error={form.errors["timeZone"]}
        />
      </div>
      <p className={styles.overnight}>{isOvernight(from, to) ? t.overnight : "\u00A0"}</p>
      <Button type="submit" variant="default" disabled={!form.isDirty()} loading={save.isPending}>
        {t.save}
      </Button>
    </form>
  );
}
