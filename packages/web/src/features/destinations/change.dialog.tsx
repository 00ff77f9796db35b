import type { Destination, EndAction, MentionChoice } from "@foyer/protocol";
import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import { say } from "../../ui/undo.toast.tsx";
import { destinationsQuery } from "../alerts/alerts.queries.ts";
import { choiceTexts } from "../alerts/choice.texts.ts";
import { EndActionField } from "../alerts/end-action.field.tsx";
import { MentionField, mentionProblem } from "../alerts/mention.field.tsx";
import { destinationsTexts as t } from "./destinations.texts.ts";

interface ChangeDialogProps {
  guildId: string;
  destination: Destination;
  onClose: () => void;
}

interface FormValues {
  name: string;
  mention: MentionChoice | null;
  endAction: EndAction | null;
}

/** Name of a destination, whom it mentions, and what becomes of its alerts. Only Discord mentions anybody. */
export function ChangeDestinationDialog({ guildId, destination, onClose }: ChangeDialogProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { destinationId, name, mention, endAction, kind } = destination;
  const form = useForm<FormValues>({
    initialValues: { name, mention, endAction },
    validate: {
      name: (value) => (value.trim() === "" ? t.nameEmpty : null),
      mention: mentionProblem,
    },
  });
  const save = useMutation({
    mutationFn: (values: FormValues) =>
      client.api.updateDestination({
        params: { guildId, destinationId },
        body: { ...values, name: values.name.trim() },
      }),
    onSuccess: async (changed) => {
      await queries.invalidateQueries({ queryKey: destinationsQuery(client, guildId).queryKey });
      say(t.saved(changed.name));
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const mentionError = form.errors["mention"];
  return (
    <DialogFrame title={t.edit(name)} opened onClose={onClose} tall>
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="md">
          <TextInput label={t.name} maxLength={64} data-autofocus {...form.getInputProps("name")} />
          {kind === "discord" && (
            <MentionField
              guildId={guildId}
              inherit={choiceTexts.mentions.inherit}
              value={form.values.mention}
              error={typeof mentionError === "string" ? mentionError : undefined}
              onChange={(value) => form.setFieldValue("mention", value)}
            />
          )}
          {kind !== "push" && (
            <EndActionField
              inherit
              value={form.values.endAction}
              onChange={(value) => form.setFieldValue("endAction", value)}
            />
          )}
          <FormProblem error={save.error} fields={form.errors} />
        </Stack>
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t.save}
          </Button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
