import type { RoomView } from "@foyer/protocol";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { offerUndo, say, sayError } from "../../ui/undo.toast.tsx";
import styles from "./room-settings.module.css";
import { roomSettingsTexts as t } from "./room-settings.texts.ts";

/** Archiving a room, which can be taken back, and deleting it, which cannot. */
export function RoomClosing({ room, onClose }: { room: RoomView; onClose: () => void }) {
  const heading = useId();
  return (
    <section className={styles.closing} aria-labelledby={heading}>
      <h3 id={heading} className={styles.heading}>
        {t.danger}
      </h3>
      <ArchiveRoom room={room} />
      {room.roomId !== "general" && <DeleteRoom room={room} onClose={onClose} />}
    </section>
  );
}

function ArchiveRoom({ room }: { room: RoomView }) {
  const client = useClient();
  const queries = useQueryClient();
  const archived = room.archivedAt !== undefined;
  const set = async (to: boolean) => {
    await client.api.updateRoom({ params: { roomId: room.roomId }, body: { archived: to } });
    await queries.invalidateQueries({ queryKey: ["rooms"] });
  };
  const archive = useMutation({
    mutationFn: async (to: boolean) => {
      await set(to);
      offerUndo({ message: to ? t.archived(room.name) : t.unarchived(room.name), undo: () => set(!to) });
    },
    onError: sayError,
  });
  return (
    <div className={styles.act}>
      <p className={styles.lead}>{archived ? t.unarchiveLead : t.archiveLead}</p>
      <Button variant="default" loading={archive.isPending} onClick={() => archive.mutate(!archived)}>
        {archived ? t.unarchive : t.archive}
      </Button>
    </div>
  );
}

function DeleteRoom({ room, onClose }: { room: RoomView; onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    mutationFn: () => client.api.deleteRoom({ params: { roomId: room.roomId } }),
    onSuccess: async () => {
      onClose();
      say(t.removed(room.name));
      await navigate({ to: "/" });
      await queries.invalidateQueries({ queryKey: ["rooms"] });
    },
  });
  const sure = typed.trim() === room.name;
  if (!asking) {
    return (
      <div className={styles.act}>
        <p className={styles.lead}>{t.removeLead}</p>
        <Button variant="outline" color="red" onClick={() => setAsking(true)}>
          {t.removeStart}
        </Button>
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sure) remove.mutate();
  };
  return (
    <form ref={showAll} className={styles.confirm} onSubmit={submit}>
      <TextInput
        label={t.removeConfirm(room.name)}
        description={t.removeLead}
        autoFocus
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <FormProblem error={remove.error} />
      <div className={styles.confirmActions}>
        <Button variant="default" onClick={() => setAsking(false)}>
          {t.keep}
        </Button>
        <Button type="submit" color="red" disabled={!sure} loading={remove.isPending}>
          {t.removeFinal}
        </Button>
      </div>
    </form>
  );
}

/** The form opens at the end of a long dialog: all of it has to come into sight, not its first field alone. */
function showAll(form: HTMLFormElement | null): void {
  form?.scrollIntoView({ block: "end" });
}
