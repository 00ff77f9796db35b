import type { Profile, RoomView } from "@foyer/protocol";
import { Button, Checkbox, Chip, Group, Input, Stack, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { offerUndo } from "../../ui/undo.toast.tsx";
import { banPresets, durationText } from "./duration.presets.ts";
import styles from "./moderation.module.css";
import { moderationTexts } from "./moderation.texts.ts";
import { bansKey, membersKey } from "./sanctions.ts";

const t = moderationTexts;

interface BanProps {
  person: Profile;
  /** The room that they are kept out of; the whole server without one. */
  room?: Pick<RoomView, "roomId" | "name"> | undefined;
  opened: boolean;
  onClose: () => void;
}

/** Bans somebody from a room or from the server. */
export function BanDialog(props: BanProps) {
  const { person, room } = props;
  const [seconds, setSeconds] = useState("0");
  const [reason, setReason] = useState("");
  const [address, setAddress] = useState(false);
  const labelId = useId();
  const ban = useBan(room?.roomId);
  const act = useMutation({
    mutationFn: () => ban(person, { seconds: Number(seconds), reason: reason.trim(), address }),
    onSuccess: props.onClose,
  });
  const title = room ? t.ban.titleRoom(person.displayName, room.name) : t.ban.titleServer(person.displayName);
  return (
    <DialogFrame title={title} opened={props.opened} onClose={props.onClose} size={480}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate();
        }}
      >
        <Stack gap="md">
          <p className={styles.lead}>{room ? t.ban.leadRoom : t.ban.leadServer}</p>
          <Input.Wrapper label={t.ban.duration} labelElement="div" labelProps={{ id: labelId }}>
            <Chip.Group value={seconds} onChange={(value: string) => setSeconds(value)}>
              <Group gap="sm" role="radiogroup" aria-labelledby={labelId} mt={8}>
                {banPresets.map((preset) => (
                  <Chip key={preset} value={String(preset)} variant="outline" classNames={{ label: styles.chip ?? "" }}>
                    {preset === 0 ? t.ban.forever : durationText(preset)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          <Textarea
            label={t.ban.reason}
            description={t.ban.reasonHint}
            maxLength={500}
            autosize
            minRows={2}
            maxRows={6}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Checkbox
            label={t.ban.address}
            description={t.ban.addressHint}
            checked={address}
            onChange={(event) => setAddress(event.currentTarget.checked)}
          />
          <FormProblem error={act.error} />
        </Stack>
        <DialogActions>
          <Button variant="default" onClick={props.onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" color="red" loading={act.isPending}>
            {t.ban.action}
          </Button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}

function useBan(roomId: string | undefined) {
  const client = useClient();
  const queries = useQueryClient();
  return async (person: Profile, options: { seconds: number; reason: string; address: boolean }) => {
    const body = {
      accountId: person.accountId,
      address: options.address,
      ...(options.seconds > 0 ? { seconds: options.seconds } : {}),
      ...(options.reason === "" ? {} : { reason: options.reason }),
    };
    const made = await (roomId === undefined
      ? client.api.banFromServer({ body })
      : client.api.banMember({ params: { roomId }, body }));
    const refresh = async () => {
      await queries.invalidateQueries({ queryKey: bansKey(roomId) });
      if (roomId !== undefined) await queries.invalidateQueries({ queryKey: membersKey(roomId) });
    };
    offerUndo({
      message: t.ban.done(person.displayName),
      undo: async () => {
        const params = { banId: made.banId };
        await (roomId === undefined
          ? client.api.liftServerBan({ params })
          : client.api.liftBan({ params: { ...params, roomId } }));
        await refresh();
      },
    });
    await refresh();
  };
}
