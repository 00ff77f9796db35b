import { Badge, Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconMail } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { serverQuery } from "../../app/server.query.ts";
import { sessionQuery, useSession } from "../../app/session.ts";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { dayText } from "../../ui/when.text.tsx";
import { securityKey } from "../factors/security.query.ts";
import styles from "./settings.module.css";
import { settingsTexts } from "./settings.texts.ts";

const t = settingsTexts.email;

/** One's own e-mail address: whether it is confirmed, and how to change it. */
export function EmailSection() {
  const client = useClient();
  const { account } = useSession();
  const sends = useQuery(serverQuery(client)).data?.features["email"];
  if (account === null) return null;
  return (
    <Section title={t.title} lead={t.lead}>
      {account.email !== undefined && (
        <AddressRow address={account.email} verifiedAt={account.emailVerifiedAt} sends={sends === true} />
      )}
      {sends === false && <p className={styles.note}>{t.noMail}</p>}
      <AddressForm key={account.email ?? ""} address={account.email ?? ""} />
    </Section>
  );
}

function AddressRow(props: { address: string; verifiedAt: string | undefined; sends: boolean }) {
  const client = useClient();
  const resend = useMutation({
    mutationFn: () => client.api.requestEmailVerification(),
    onSuccess: () => say(t.sent(props.address)),
    onError: sayError,
  });
  const verified = props.verifiedAt !== undefined;
  return (
    <RowList label={t.title}>
      <Row
        icon={<IconMail size={22} aria-hidden />}
        title={
          <>
            <span>{props.address}</span>
            <Badge variant="light" color={verified ? "brass" : "gray"}>
              {verified ? t.verified : t.unverified}
            </Badge>
          </>
        }
        note={
          props.verifiedAt !== undefined
            ? t.verifiedSince(dayText(props.verifiedAt))
            : props.sends
              ? t.unverifiedNote
              : undefined
        }
        actions={
          !verified &&
          props.sends && (
            <Button variant="default" size="xs" loading={resend.isPending} onClick={() => resend.mutate()}>
              {resend.isSuccess ? t.again : t.send}
            </Button>
          )
        }
      />
    </RowList>
  );
}

function AddressForm({ address }: { address: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const sends = useQuery(serverQuery(client)).data?.features["email"] === true;
  const form = useForm({
    initialValues: { email: address },
    validate: {
      email: (value) => (value.trim() === "" || /^\S+@\S+\.\S+$/.test(value.trim()) ? null : t.wrong),
    },
  });
  const save = useMutation({
    mutationFn: ({ email }: { email: string }) =>
      client.api.updateProfile({ body: { email: email.trim() === "" ? null : email.trim() } }),
    onSuccess: async (changed) => {
      say(changed.email === undefined ? t.removed : sends ? t.savedSent(changed.email) : t.saved);
      queries.setQueryData(sessionQuery(client).queryKey, (state) => (state ? { ...state, account: changed } : state));
      await queries.invalidateQueries({ queryKey: securityKey });
    },
    onError: (error) => form.setErrors(fieldErrors(error, { "account.email_taken": "email" })),
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        <TextInput
          label={t.address}
          description={t.addressHint}
          type="email"
          maxLength={254}
          autoComplete="email"
          {...form.getInputProps("email")}
        />
        <FormProblem error={save.error} fields={form.errors} />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
