import type { Preference } from "@foyer/protocol";
import { Avatar, Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { sayError } from "../../ui/undo.toast.tsx";
import styles from "./notifications.module.css";
import { preferencesQuery } from "./notifications.queries.ts";
import { notificationsTexts } from "./notifications.texts.ts";
import { type PreferenceChange, undoing, withChange } from "./preference.groups.ts";

const t = notificationsTexts.streamers;
const key = ["set-preference"];

type Ways = Pick<PreferenceChange, "discord" | "push">;

/** Changes a preference: what is chosen shows at once, and goes back when the server does not take it. */
function useChange({ guildId, streamer: { streamerId } }: Preference) {
  const client = useClient();
  const queries = useQueryClient();
  const { queryKey } = preferencesQuery(client);
  const show = (change: PreferenceChange) =>
    queries.setQueryData(queryKey, (all) => (all === undefined ? all : withChange(all, change)));
  const { mutate } = useMutation({
    mutationKey: key,
    // One after the other, so that the last press is what stays.
    scope: { id: `preference ${guildId} ${streamerId}` },
    mutationFn: ({ change }: { change: Ways; before: PreferenceChange | undefined }) =>
      client.api.setPreference({ params: { guildId, streamerId }, body: change }),
    onError: (error, { before }) => {
      sayError(error);
      if (before !== undefined) show(before);
    },
    onSettled: () => {
      // Not while another press is on its way: an answer from before it would turn its switch back.
      if (queries.isMutating({ mutationKey: key }) === 1) void queries.invalidateQueries({ queryKey });
    },
  });
  return (change: Ways) => {
    const wanted = { guildId, streamerId, ...change };
    const all = queries.getQueryData(queryKey);
    // Before the press is over: a switch that jumps back for a moment looks broken.
    void queries.cancelQueries({ queryKey });
    show(wanted);
    mutate({ change, before: all === undefined ? undefined : undoing(all, wanted) });
  };
}

/** One streamer in one server, with a switch for each way that there is. */
export function PreferenceRow({ item, guildName }: { item: Preference; guildName: string }) {
  const change = useChange(item);
  const { streamer, discord, push } = item;
  return (
    <li className={styles.row}>
      <Avatar
        src={streamer.avatarUrl}
        size={32}
        radius="xl"
        alt=""
        aria-hidden
        imageProps={{ referrerPolicy: "no-referrer" }}
      >
        {[...streamer.displayName][0]?.toUpperCase()}
      </Avatar>
      <div className={styles.text}>
        <div className={styles.name}>
          <span>{streamer.displayName}</span>
          {streamer.live !== null && (
            <span className={styles.live}>
              <span className="visually-hidden">{t.live}</span>
            </span>
          )}
        </div>
        <div className={styles.note}>{stateText(discord === true, push)}</div>
      </div>
      {discord !== null && (
        <Way
          label={t.discord}
          named={t.discordNamed(streamer.displayName, guildName)}
          on={discord}
          onChange={(on) => change({ discord: on })}
        />
      )}
      <Way
        label={t.push}
        named={t.pushNamed(streamer.displayName, guildName)}
        on={push}
        onChange={(on) => change({ push: on })}
      />
    </li>
  );
}

/** A way to hear of somebody. Its label stands over the column where there is room for columns. */
function Way(props: { label: string; named: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Switch
      className={styles.cell ?? ""}
      classNames={{ body: styles.cellBody ?? "", label: styles.cellName ?? "" }}
      label={props.label}
      aria-label={props.named}
      checked={props.on}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}

function stateText(discord: boolean, push: boolean): string {
  if (discord) return push ? t.both : t.byDiscord;
  return push ? t.byPush : t.not;
}
