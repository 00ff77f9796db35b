import type { Streamer } from "@foyer/protocol";
import { Avatar, Badge, Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconBroadcast } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { deferWithUndo, say } from "../../ui/undo.toast.tsx";
import { guildStreamersQuery } from "../alerts/alerts.queries.ts";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { StreamerInvites } from "./streamer.invites.tsx";
import styles from "./streamers.module.css";
import { streamersTexts as t } from "./streamers.texts.ts";

/** While this page is open, who is live and whether Twitch is heard is asked again so often. */
const lookMs = 15_000;

/** Broadcasters that a server announces. */
export function StreamersSection({ guild }: GuildSectionProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { guildId } = guild;
  const list = guildStreamersQuery(client, guildId);
  const query = useQuery({ ...list, refetchInterval: lookMs });
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set());
  const shown = (query.data?.items ?? []).filter(({ streamerId }) => !removed.has(streamerId));

  const remove = ({ streamerId, displayName }: Streamer) => {
    const restore = () => setRemoved((before) => new Set([...before].filter((id) => id !== streamerId)));
    setRemoved((before) => new Set(before).add(streamerId));
    deferWithUndo({
      message: t.removed(displayName),
      commit: async () => {
        await client.api.removeGuildStreamer({ params: { guildId, streamerId } });
        await queries.invalidateQueries({ queryKey: list.queryKey });
        // Whoever adds them again must see them.
        restore();
      },
      restore,
    });
  };

  return (
    <>
      <Section title={t.title} lead={t.lead}>
        <AddStreamer guildId={guildId} />
        {query.isPending && <LoadingState rows={4} />}
        {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && shown.length === 0 && (
          <EmptyState icon={<IconBroadcast size={28} aria-hidden />} title={t.none} hint={t.noneHint} />
        )}
        {shown.length > 0 && (
          <RowList label={t.list}>
            {shown.map((streamer) => (
              <StreamerRow key={streamer.streamerId} streamer={streamer} onRemove={() => remove(streamer)} />
            ))}
          </RowList>
        )}
      </Section>
      <StreamerInvites guildId={guildId} />
    </>
  );
}

/** Adds a broadcaster by the name or the address of their channel. */
export function AddStreamer({ guildId }: { guildId: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { login: "" },
    validate: { login: (value) => (value.trim() === "" ? t.nameEmpty : null) },
  });
  const add = useMutation({
    mutationFn: ({ login }: { login: string }) =>
      client.api.addGuildStreamer({ params: { guildId }, body: { login: login.trim() } }),
    onSuccess: async ({ displayName }) => {
      form.reset();
      say(t.added(displayName));
      await queries.invalidateQueries({ queryKey: guildStreamersQuery(client, guildId).queryKey });
    },
    onError: (error) => form.setErrors(fieldErrors(error, { "streamer.unknown_login": "login" })),
  });
  return (
    <form noValidate className={styles.add} onSubmit={form.onSubmit((values) => add.mutate(values))}>
      <TextInput
        label={t.name}
        placeholder={t.namePlaceholder}
        maxLength={100}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...form.getInputProps("login")}
      />
      <Button type="submit" className={styles.submit} loading={add.isPending}>
        {t.add}
      </Button>
      <div className={styles.problem}>
        <FormProblem error={add.error} fields={form.errors} />
      </div>
    </form>
  );
}

function StreamerRow({ streamer, onRemove }: { streamer: Streamer; onRemove: () => void }) {
  const { displayName, login, avatarUrl, live, hearing, addedBy } = streamer;
  return (
    <Row
      icon={
        <Avatar src={avatarUrl} size={28} alt="" aria-hidden imageProps={{ referrerPolicy: "no-referrer" }}>
          {[...displayName][0]?.toUpperCase()}
        </Avatar>
      }
      title={
        <>
          <span>{displayName}</span>
          {live !== null && <span className={styles.live}>{t.live}</span>}
          {hearing !== "ok" && (
            <Badge variant="light" color={hearing === "failing" ? "red" : "gray"}>
              {t.hearing[hearing]}
            </Badge>
          )}
        </>
      }
      note={
        <>
          {live !== null && (
            <div className={styles.stream}>
              {t.liveNote(live.title, live.game)}
              {live.viewers !== null && <span className="tabular"> · {t.viewers(live.viewers)}</span>}
            </div>
          )}
          <div className={styles.address}>
            <a href={`https://www.twitch.tv/${login}`} target="_blank" rel="noopener">
              twitch.tv/{login}
            </a>{" "}
            · {t.addedBy[addedBy]}
          </div>
        </>
      }
      actions={
        <Button variant="default" size="xs" aria-label={t.removeNamed(displayName)} onClick={onRemove}>
          {t.remove}
        </Button>
      }
    />
  );
}
