import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { CopyButton } from "../../ui/copy.button.tsx";
import { SaidError } from "../../ui/error.text.ts";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { saveFile } from "../../ui/save.file.ts";
import { Section } from "../../ui/sections.frame.tsx";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";
import { endOf } from "./vault.file.ts";

const t = adminTexts.vault;

/** All credentials as a file that is sealed for a passphrase, and how to read it in again. */
export function VaultSection() {
  return (
    <>
      <Section title={t.title} lead={t.lead}>
        <ExportForm />
      </Section>
      <Section title={t.importTitle} lead={t.importLead}>
        <Group gap="sm">
          <code className={styles.command}>{t.command}</code>
          <CopyButton text={t.command} size="xs" named={t.copyNamed} />
        </Group>
      </Section>
    </>
  );
}

function ExportForm() {
  const client = useClient();
  const form = useForm({
    initialValues: { passphrase: "", repeated: "" },
    validate: {
      passphrase: (value) => (value.length < 14 ? t.tooShort : null),
      repeated: (value, values) => (value === values.passphrase ? null : t.different),
    },
  });
  const take = useMutation({
    mutationFn: async ({ passphrase }: { passphrase: string }) => {
      const file = await client.api.exportVault({ body: { passphrase } });
      const end = await endOf(file.content);
      if (end === undefined) throw new SaidError(t.broken);
      saveFile(file.name, file.content);
      return { name: file.name, ...end };
    },
    onSuccess: () => form.reset(),
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => take.mutate(values))}>
      <Stack gap="md">
        <p className={styles.danger}>{t.danger}</p>
        <PasswordInput
          label={t.passphrase}
          description={t.hint}
          autoComplete="new-password"
          maxLength={256}
          {...form.getInputProps("passphrase")}
        />
        <PasswordInput
          label={t.repeat}
          autoComplete="new-password"
          maxLength={256}
          {...form.getInputProps("repeated")}
        />
        <FormProblem error={take.error} fields={form.errors} />
        <Group>
          <Button type="submit" leftSection={<IconDownload size={16} aria-hidden />} loading={take.isPending}>
            {t.act}
          </Button>
        </Group>
        <div role="status">
          {take.isSuccess && (
            <p className={styles.saved}>
              {t.saved(take.data.name)}.{" "}
              {take.data.links === 0 ? t.empty : t.inIt(take.data.links, take.data.credentials)}
              {take.data.unopened > 0 && <span className={styles.missing}> {t.missing(take.data.unopened)}</span>}
            </p>
          )}
        </div>
      </Stack>
    </form>
  );
}
