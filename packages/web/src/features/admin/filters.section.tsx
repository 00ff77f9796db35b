import type { WordFilter } from "@foyer/protocol";
import { Badge, Button, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { errorCode, errorText } from "../../ui/error.text.ts";
import { ListStatus } from "../../ui/paged.query.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { offerUndo, say, sayError } from "../../ui/undo.toast.tsx";
import { When } from "../../ui/when.text.tsx";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";

const t = adminTexts.filters;
const filtersKey = ["admin", "filters"] as const;

/** Words and patterns that keep a message from being sent. */
export function FiltersSection() {
  const client = useClient();
  const query = useQuery({ queryKey: filtersKey, queryFn: ({ signal }) => client.api.listWordFilters({ signal }) });
  const filters = query.data?.items ?? [];
  return (
    <Section title={t.title} lead={t.lead}>
      <AddFilter />
      {query.isPending && <LoadingState rows={3} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && (
        <>
          <ListStatus pending={false} text={t.found(filters.length)} />
          {filters.length === 0 ? (
            <EmptyState title={t.empty} hint={t.emptyHint} />
          ) : (
            <ul className={styles.list} aria-label={t.list}>
              {filters.map((filter) => (
                <FilterRow key={filter.filterId} filter={filter} />
              ))}
            </ul>
          )}
        </>
      )}
    </Section>
  );
}

function AddFilter() {
  const client = useClient();
  const queries = useQueryClient();
  const [kind, setKind] = useState<WordFilter["kind"]>("literal");
  const [expression, setExpression] = useState("");
  const [problem, setProblem] = useState<string>();
  const add = useMutation({
    mutationFn: () => client.api.createWordFilter({ body: { kind, expression: expression.trim() } }),
    onSuccess: async (filter) => {
      setExpression("");
      setProblem(undefined);
      say(t.added(filter.expression));
      await queries.invalidateQueries({ queryKey: filtersKey });
    },
    // The server knows best what is wrong with a pattern, so its own words are shown.
    onError: (error) =>
      setProblem(
        errorCode(error) === "filter.invalid_pattern" && error.message !== "" ? error.message : errorText(error),
      ),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (expression.trim() === "") setProblem(t.expressionEmpty);
    else add.mutate();
  };
  return (
    <form noValidate className={styles.add} onSubmit={submit}>
      <SegmentedControl
        aria-label={t.kind}
        value={kind}
        onChange={(value) => {
          setKind(value === "pattern" ? "pattern" : "literal");
          setProblem(undefined);
        }}
        data={[
          { value: "literal", label: t.literal },
          { value: "pattern", label: t.pattern },
        ]}
      />
      <div className={styles.addRow}>
        <TextInput
          className={styles.addField}
          classNames={{ input: kind === "pattern" ? styles.mono : "" }}
          label={kind === "pattern" ? t.expressionPattern : t.expressionLiteral}
          description={kind === "pattern" ? t.patternHint : t.literalHint}
          inputWrapperOrder={["label", "input", "error", "description"]}
          maxLength={200}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          error={problem}
          value={expression}
          onChange={(event) => setExpression(event.currentTarget.value)}
        />
        <Button type="submit" className={styles.addButton} loading={add.isPending}>
          {t.add}
        </Button>
      </div>
    </form>
  );
}

function FilterRow({ filter }: { filter: WordFilter }) {
  const client = useClient();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: filtersKey });
  const remove = useMutation({
    mutationFn: async () => {
      await client.api.deleteWordFilter({ params: { filterId: filter.filterId } });
      offerUndo({
        message: t.removed(filter.expression),
        undo: async () => {
          await client.api.createWordFilter({ body: { kind: filter.kind, expression: filter.expression } });
          await refresh();
        },
      });
      await refresh();
    },
    onError: sayError,
  });
  return (
    <li className={styles.entry}>
      <div className={styles.entryText}>
        <div className={styles.sentence}>
          {filter.kind === "pattern" ? <code className={styles.mono}>{filter.expression}</code> : filter.expression}
        </div>
        <div className={styles.sub}>
          <Badge variant="default" size="sm">
            {filter.kind === "pattern" ? t.pattern : t.literal}
          </Badge>{" "}
          <When at={filter.createdAt} />
        </div>
      </div>
      <Button
        variant="default"
        size="xs"
        className={styles.target}
        loading={remove.isPending}
        aria-label={t.removeNamed(filter.expression)}
        onClick={() => remove.mutate()}
      >
        {t.remove}
      </Button>
    </li>
  );
}
