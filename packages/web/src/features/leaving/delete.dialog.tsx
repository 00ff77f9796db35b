import { Button, Radio, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import styles from "./leaving.module.css";
import { leavingTexts as t } from "./leaving.texts.ts";
import { isOwnHandle } from "./own.handle.ts";

type Messages = "keep" | "erase";

/** Deletes one's own account: what goes, what becomes of messages, and one's handle typed in. */
export function DeleteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const { account } = useSession();
  const own = account?.handle ?? "";
  const form = useForm<{ messages: Messages; handle: string }>({
    initialValues: { messages: "keep", handle: "" },
    validate: { handle: (value) => (isOwnHandle(value, own) ? null : t.handleWrong(own)) },
  });
  const leave = useMutation({
    mutationFn: (values: { messages: Messages; handle: string }) =>
      client.api.deleteAccount({ body: { messages: values.messages, handle: own } }),
    onSuccess: () => {
      client.close();
      queries.clear();
      sessionStorage.clear();
      // A full load lets no state of the account survive in memory.
      location.assign("/sign-in?notice=deleted");
    },
  });
  const close = () => {
    if (leave.isPending || leave.isSuccess) return;
    form.reset();
    leave.reset();
    onClose();
  };
  return (
    <DialogFrame title={t.dialog} opened={opened} onClose={close} size={520} tall>
      <form noValidate onSubmit={form.onSubmit((values) => leave.mutate(values))}>
        <Stack gap="md">
          <div>
            <p className={styles.flush}>{t.gone}</p>
            <ul className={styles.gone}>
              {t.goneList.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
            <p className={styles.note}>{t.first}</p>
          </div>
          <Radio.Group label={t.messages} {...form.getInputProps("messages")}>
            <Stack gap="sm" mt="xs">
              <Radio value="keep" label={t.keep} description={t.keepHint} />
              <Radio value="erase" label={t.erase} description={t.eraseHint} />
            </Stack>
          </Radio.Group>
          <TextInput
            label={t.handle(own)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            {...form.getInputProps("handle")}
          />
          <FormProblem error={leave.error} fields={form.errors} />
        </Stack>
        <DialogActions>
          <Button variant="default" onClick={close}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" color="red" loading={leave.isPending || leave.isSuccess}>
            {t.act}
          </Button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
