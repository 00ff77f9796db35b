import type { CreatedToken, TokenScope } from "@foyer/protocol";
import { Button, Checkbox, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { CopyButton } from "../../ui/copy.button.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import styles from "./programs.module.css";
import { programsTexts as t } from "./programs.texts.ts";
import { daysOf, type Life, lives } from "./token.life.ts";
import { scopesFor } from "./token.scopes.ts";
import { tokensKey } from "./tokens.query.ts";

/** Makes a token, and shows it once. */
export function TokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<CreatedToken>();
  const [busy, setBusy] = useState(false);
  const close = () => {
    if (busy) return;
    setMade(undefined);
    onClose();
  };
  return (
    <DialogFrame
      title={made === undefined ? t.dialog : t.made(made.token.name)}
      opened={opened}
      onClose={close}
      held={made !== undefined}
      size={520}
      tall
    >
      {made === undefined ? (
        <TokenForm onMade={setMade} onBusy={setBusy} onClose={close} />
      ) : (
        <TokenSecret secret={made.secret} onClose={close} />
      )}
    </DialogFrame>
  );
}

interface TokenFormProps {
  onMade: (made: CreatedToken) => void;
  onBusy: (busy: boolean) => void;
  onClose: () => void;
}

function TokenForm({ onMade, onBusy, onClose }: TokenFormProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { account } = useSession();
  const form = useForm<{ name: string; scopes: TokenScope[]; life: Life }>({
    initialValues: { name: "", scopes: ["read"], life: "90" },
    validate: {
      name: (value) => (value.trim() === "" ? t.nameEmpty : null),
      scopes: (value) => (value.length === 0 ? t.scopesEmpty : null),
    },
  });
  const make = useMutation({
    mutationFn: (values: typeof form.values) => {
      const expiresInDays = daysOf(values.life);
      const body = { name: values.name.trim(), scopes: values.scopes };
      onBusy(true);
      return client.api.createToken({ body: expiresInDays === undefined ? body : { ...body, expiresInDays } });
    },
    onSuccess: (made) => {
      onMade(made);
      void queries.invalidateQueries({ queryKey: tokensKey });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
    onSettled: () => onBusy(false),
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack gap="md">
        <TextInput
          label={t.name}
          description={t.nameHint}
          maxLength={64}
          data-autofocus
          autoComplete="off"
          {...form.getInputProps("name")}
        />
        <Checkbox.Group label={t.scopesLabel} {...form.getInputProps("scopes")}>
          <div className={styles.scopes}>
            {scopesFor(account?.role ?? "member").map((scope) => (
              <Checkbox key={scope} value={scope} label={t.scopes[scope].name} description={t.scopes[scope].may} />
            ))}
          </div>
        </Checkbox.Group>
        <NativeSelect
          label={t.expiry}
          data={lives.map((life) => ({ value: life, label: t.expiries[life] }))}
          {...form.getInputProps("life")}
        />
        {form.values.life === "never" && <p className={styles.note}>{t.neverNote}</p>}
        <FormProblem error={make.error} fields={form.errors} />
      </Stack>
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button type="submit" loading={make.isPending}>
          {t.make}
        </Button>
      </DialogActions>
    </form>
  );
}

function TokenSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <>
      <Stack gap="md">
        <p className={styles.plain}>{t.secretLead}</p>
        <TextInput
          label={t.secret}
          value={secret}
          readOnly
          data-autofocus
          classNames={{ input: styles.secret ?? "" }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton text={secret} label={t.copySecret} />
        <div>
          <p className={styles.note}>{t.secretUse}</p>
          <code className={styles.header}>Authorization: Bearer …</code>
        </div>
      </Stack>
      <DialogActions>
        <Button onClick={onClose}>{t.done}</Button>
      </DialogActions>
    </>
  );
}
