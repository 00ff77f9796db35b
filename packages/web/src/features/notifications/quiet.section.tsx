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

/** A night, where this browser is. */
const usual = (): QuietHours => ({ from: "22:00", to: "08:00", timeZone: ownZone() });

/** When one's devices stay silent. */
export function QuietSection() {
  const query = useQuery(preferencesQuery(useClient()));
  const turn = useSwitch();
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
            onChange={(event) => turn(event.currentTarget.checked ? usual() : null)}
          />
          {hours !== null && <HoursForm key={JSON.stringify(hours)} hours={hours} />}
        </>
      )}
    </Section>
  );
}

/** Turns quiet hours on or off: it shows at once, and goes back when the server does not take it. */
function useSwitch() {
  const client = useClient();
  const queries = useQueryClient();
  const { queryKey } = preferencesQuery(client);
  const show = useShown();
  const { mutate } = useMutation({
    mutationFn: ({ wanted }: { wanted: QuietHours | null; before: QuietHours | null }) =>
      client.api.setQuietHours({ body: { quietHours: wanted } }),
    onSuccess: (_kept, { wanted }) => say(wanted === null ? t.off : t.saved),
    onError: (error, { before }) => {
      sayError(error);
      show(before);
    },
  });
  return (wanted: QuietHours | null) => {
    const before = queries.getQueryData(queryKey)?.quietHours ?? null;
    void queries.cancelQueries({ queryKey });
    show(wanted);
    mutate({ wanted, before });
  };
}

/** Shows other quiet hours than those that were asked for last. */
function useShown(): (quietHours: QuietHours | null) => void {
  const queries = useQueryClient();
  const { queryKey } = preferencesQuery(useClient());
  return (quietHours) =>
    void queries.setQueryData(queryKey, (all) => (all === undefined ? all : { ...all, quietHours }));
}

function HoursForm({ hours }: { hours: QuietHours }) {
  const client = useClient();
  const show = useShown();
  const save = useMutation({
    mutationFn: (quietHours: QuietHours) => client.api.setQuietHours({ body: { quietHours } }),
    onSuccess: ({ quietHours }) => {
      say(t.saved);
      show(quietHours);
    },
  });
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
