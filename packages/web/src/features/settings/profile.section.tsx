import type { Account } from "@foyer/protocol";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { sessionQuery, useSession } from "../../app/session.ts";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { say } from "../../ui/undo.toast.tsx";
import styles from "./settings.module.css";
import { settingsTexts } from "./settings.texts.ts";

const t = settingsTexts.profile;

/** Name of one's own account. */
export function ProfileSection() {
  const { account } = useSession();
  if (account === null) return null;
  return (
    <Section title={t.title} lead={t.lead}>
      <ProfileForm key={account.accountId} account={account} />
    </Section>
  );
}

function ProfileForm({ account }: { account: Account }) {
  const client = useClient();
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { displayName: account.displayName },
    validate: { displayName: (value) => (value.trim() === "" ? t.nameEmpty : null) },
  });
  const save = useMutation({
    mutationFn: (values: { displayName: string }) =>
      client.api.updateProfile({ body: { displayName: values.displayName.trim() } }),
    onSuccess: (changed) => {
      queries.setQueryData(sessionQuery(client).queryKey, (state) => (state ? { ...state, account: changed } : state));
      form.setInitialValues({ displayName: changed.displayName });
      form.reset();
      say(t.saved);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const shown = form.values.displayName.trim() === "" ? account.displayName : form.values.displayName;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        <div className={styles.card}>
          <PersonAvatar person={{ accountId: account.accountId, displayName: shown }} size={64} />
          <div className={styles.cardText}>
            <div className={styles.cardName}>{shown}</div>
            <div className={styles.cardHandle}>@{account.handle}</div>
            <div className={styles.cardNote}>{t.avatarNote}</div>
          </div>
        </div>
        <TextInput
          label={t.displayName}
          description={t.displayNameHint}
          maxLength={64}
          autoComplete="name"
          {...form.getInputProps("displayName")}
        />
        <TextInput label={t.handle} description={t.handleHint} value={`@${account.handle}`} readOnly variant="filled" />
        <FormProblem error={save.error} fields={form.errors} />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t.save}
          </Button>
          {!form.isDirty() && <span className={styles.note}>{t.unchanged}</span>}
        </Group>
      </Stack>
    </form>
  );
}
