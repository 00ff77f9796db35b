import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { errorCode } from "../../ui/error.text.ts";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { say } from "../../ui/undo.toast.tsx";
import { linksQuery } from "../links/links.query.ts";
import { sessionsKey } from "./sessions.query.ts";
import { settingsTexts } from "./settings.texts.ts";

const t = settingsTexts.password;

/** Change of one's own password; for accounts that came from outside, the first one. */
export function PasswordSection() {
  const links = useQuery(linksQuery(useClient()));
  return <PasswordForm first={links.data?.hasPassword === false} />;
}

function PasswordForm({ first }: { first: boolean }) {
  const client = useClient();
  const queries = useQueryClient();
  const { account } = useSession();
  const form = useForm({
    initialValues: { currentPassword: "", newPassword: "", repeated: "" },
    validate: {
      currentPassword: (value) => (!first && value === "" ? t.currentEmpty : null),
      newPassword: (value) => (value.length < 8 ? t.tooShort : null),
      repeated: (value, values) => (value === values.newPassword ? null : t.different),
    },
  });
  const change = useMutation({
    mutationFn: ({ currentPassword, newPassword }: { currentPassword: string; newPassword: string }) =>
      client.api.changePassword({ body: first ? { newPassword } : { currentPassword, newPassword } }),
    onSuccess: () => {
      form.reset();
      void queries.invalidateQueries({ queryKey: sessionsKey });
      void queries.invalidateQueries({ queryKey: linksQuery(client).queryKey });
      say(first ? t.savedFirst : t.saved);
    },
    onError: (error) =>
      form.setErrors(
        errorCode(error) === "auth.invalid_credentials" ? { currentPassword: t.currentWrong } : fieldErrors(error),
      ),
  });
  return (
    <Section title={t.title} lead={first ? t.leadFirst : t.lead}>
      <form noValidate onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="md">
          {/* Password managers need to know whose password it is. */}
          <input type="text" autoComplete="username" value={account?.handle ?? ""} readOnly hidden />
          {!first && (
            <PasswordInput
              label={t.current}
              autoComplete="current-password"
              maxLength={256}
              {...form.getInputProps("currentPassword")}
            />
          )}
          <PasswordInput
            label={t.next}
            description={t.nextHint}
            autoComplete="new-password"
            maxLength={256}
            {...form.getInputProps("newPassword")}
          />
          <PasswordInput
            label={t.repeat}
            autoComplete="new-password"
            maxLength={256}
            {...form.getInputProps("repeated")}
          />
          <FormProblem error={change.error} fields={form.errors} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {first ? t.saveFirst : t.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
