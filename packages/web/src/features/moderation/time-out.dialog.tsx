import type { Profile } from "@foyer/protocol";
import { Button, Chip, Group, Input, Stack, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { durationText, timeOutPresets } from "./duration.presets.ts";
import styles from "./moderation.module.css";
import { moderationTexts } from "./moderation.texts.ts";
import { useSanctions } from "./sanctions.ts";

const t = moderationTexts;

interface TimeOutProps {
  roomId: string;
  person: Profile;
  opened: boolean;
  onClose: () => void;
}

/** Keeps somebody from writing in a room: for a while, or until it is lifted. */
export function TimeOutDialog(props: TimeOutProps) {
  const { timeOut } = useSanctions(props.roomId);
  const [seconds, setSeconds] = useState("600");
  const [reason, setReason] = useState("");
  const labelId = useId();
  const act = useMutation({
    mutationFn: () => timeOut(props.person, { seconds: Number(seconds), reason: reason.trim() }),
    onSuccess: () => {
      props.onClose();
      setReason("");
    },
  });
  return (
    <DialogFrame title={t.member.timeOutNamed(props.person.displayName)} opened={props.opened} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate();
        }}
      >
        <Stack gap="md">
          <Input.Wrapper label={t.ban.duration} labelElement="div" labelProps={{ id: labelId }}>
            <Chip.Group value={seconds} onChange={(value: string) => setSeconds(value)}>
              <Group gap="sm" role="radiogroup" aria-labelledby={labelId} mt={8}>
                {timeOutPresets.map((preset) => (
                  <Chip key={preset} value={String(preset)} variant="outline" classNames={{ label: styles.chip ?? "" }}>
                    {durationText(preset)}
                  </Chip>
                ))}
                <Chip value="0" variant="outline" classNames={{ label: styles.chip ?? "" }}>
                  {t.ban.forever}
                </Chip>
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          <Textarea
            label={t.ban.reason}
            description={t.timeOut.reasonHint}
            maxLength={500}
            autosize
            minRows={2}
            maxRows={6}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <FormProblem error={act.error} />
        </Stack>
        <DialogActions>
          <Button variant="default" onClick={props.onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" color="red" loading={act.isPending}>
            {seconds === "0" ? t.member.mute : t.member.timeOutFor(durationText(Number(seconds)))}
          </Button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
