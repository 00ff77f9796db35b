import type { GuestAccess, RoomView, UpdateRoomBody } from "@foyer/protocol";
import { Button, Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { say } from "../../ui/undo.toast.tsx";
import { roomSettingsTexts as t } from "./room-settings.texts.ts";
import { slowModeChoices } from "./slow.modes.ts";

interface FormValues {
  name: string;
  topic: string;
  slowMode: string;
  guests: GuestAccess;
}

const valuesOf = (room: Pick<RoomView, "name" | "topic" | "slowModeSeconds" | "guests">): FormValues => ({
  name: room.name,
  topic: room.topic,
  slowMode: String(room.slowModeSeconds),
  guests: room.guests,
});

const guestChoices = (["none", "read", "write"] as const).map((value) => ({ value, label: t.guestAccess[value] }));

/** Name, topic, slow mode and guests of a room. Sends only what was changed. */
export function RoomForm({ room }: { room: RoomView }) {
  const client = useClient();
  const queries = useQueryClient();
  const form = useForm<FormValues>({
    initialValues: valuesOf(room),
    validate: { name: (value) => (value.trim() === "" ? t.nameEmpty : null) },
  });
  const save = useMutation({
    mutationFn: (values: FormValues) =>
      client.api.updateRoom({ params: { roomId: room.roomId }, body: changes(room, values) }),
    onSuccess: async (changed) => {
      form.setInitialValues(valuesOf(changed));
      form.setValues(valuesOf(changed));
      say(t.saved);
      await queries.invalidateQueries({ queryKey: ["rooms"] });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        <TextInput label={t.name} maxLength={64} data-autofocus {...form.getInputProps("name")} />
        <Textarea
          label={t.topic}
          description={t.topicHint}
          maxLength={500}
          autosize
          minRows={2}
          maxRows={6}
          {...form.getInputProps("topic")}
        />
        <NativeSelect
          label={t.slowMode}
          description={t.slowModeHint}
          data={slowModeChoices(room.slowModeSeconds)}
          {...form.getInputProps("slowMode")}
        />
        {room.kind === "public" && (
          <NativeSelect
            label={t.guests}
            description={t.guestsHint}
            data={guestChoices}
            {...form.getInputProps("guests")}
          />
        )}
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

function changes(room: RoomView, values: FormValues): UpdateRoomBody {
  const slowModeSeconds = Number(values.slowMode);
  return {
    ...(values.name.trim() === room.name ? {} : { name: values.name.trim() }),
    ...(values.topic.trim() === room.topic ? {} : { topic: values.topic.trim() }),
    ...(slowModeSeconds === room.slowModeSeconds ? {} : { slowModeSeconds }),
    ...(room.kind !== "public" || values.guests === room.guests ? {} : { guests: values.guests }),
  };
}
