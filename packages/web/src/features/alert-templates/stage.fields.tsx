import { discordSizes } from "@foyer/protocol/constants";
import { ActionIcon, Button, Checkbox, ColorInput, Stack, Switch } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { StageValues, TemplateValues } from "./template.form.ts";
import styles from "./templates.module.css";
import { templatesTexts } from "./templates.texts.ts";
import { TemplateTextField } from "./text.field.tsx";

const t = templatesTexts;
const e = templatesTexts.embed;

export type TemplateForm = UseFormReturnType<TemplateValues>;

interface StageProps {
  form: TemplateForm;
  stage: "live" | "recap";
}

interface BoundProps extends StageProps {
  path: string;
  label: string;
  value: string;
  most?: number;
  lines?: boolean;
}

/** A text field that is bound to the form by its path. */
function Bound({ form, stage, path, ...rest }: BoundProps) {
  const full = `${stage}.${path}`;
  return (
    <TemplateTextField
      {...rest}
      path={full}
      error={form.errors[full]}
      onChange={(value) => form.setFieldValue(full, value)}
    />
  );
}

/** All that one stage of an alert says. */
export function StageFields({ form, stage }: StageProps) {
  const values = form.values[stage];
  const shared = { form, stage };
  return (
    <Stack gap="md">
      <Bound {...shared} path="content" label={t.content} value={values.content} most={discordSizes.content} lines />
      <Switch
        label={t.hasEmbed}
        checked={values.hasEmbed}
        onChange={(event) => form.setFieldValue(`${stage}.hasEmbed`, event.currentTarget.checked)}
      />
      {values.hasEmbed && <EmbedFields {...shared} embed={values.embed} />}
    </Stack>
  );
}

function EmbedFields({ form, stage, embed }: StageProps & { embed: StageValues["embed"] }) {
  const isPlain = [embed.author.url, embed.author.iconUrl, embed.thumbnailUrl, embed.footer].every(
    (text) => text === "",
  );
  const hasError = Object.keys(form.errors).some((path) => path.startsWith(`${stage}.embed.`));
  const [more, setMore] = useState(false);
  const shared = { form, stage };
  const full = (path: string) => `${stage}.embed.${path}`;
  return (
    <div className={styles.card}>
      <Stack gap="md">
        {form.errors[`${stage}.embed`] !== undefined && (
          <p role="alert" className={styles.problem}>
            {form.errors[`${stage}.embed`]}
          </p>
        )}
        <Bound {...shared} path="embed.title" label={e.title} value={embed.title} most={discordSizes.title} />
        <Bound
          {...shared}
          path="embed.description"
          label={e.description}
          value={embed.description}
          most={discordSizes.description}
          lines
        />
        <ColorInput
          label={e.color}
          value={embed.color}
          format="hex"
          error={form.errors[full("color")]}
          onChange={(color) => form.setFieldValue(full("color"), color)}
          eyeDropperButtonProps={{ "aria-label": e.color }}
          withEyeDropper={false}
        />
        <Bound {...shared} path="embed.imageUrl" label={e.imageUrl} value={embed.imageUrl} />
        <FieldList {...shared} fields={embed.fields} />
        {more || hasError ? (
          <>
            <Bound {...shared} path="embed.url" label={e.url} value={embed.url} />
            <Bound
              {...shared}
              path="embed.author.name"
              label={e.authorName}
              value={embed.author.name}
              most={discordSizes.author}
            />
            <Bound {...shared} path="embed.author.url" label={e.authorUrl} value={embed.author.url} />
            <Bound {...shared} path="embed.author.iconUrl" label={e.authorIconUrl} value={embed.author.iconUrl} />
            <Bound {...shared} path="embed.thumbnailUrl" label={e.thumbnailUrl} value={embed.thumbnailUrl} />
            <Bound {...shared} path="embed.footer" label={e.footer} value={embed.footer} most={discordSizes.footer} />
            <Checkbox
              label={e.timestamp}
              checked={embed.timestamp}
              onChange={(event) => form.setFieldValue(full("timestamp"), event.currentTarget.checked)}
            />
          </>
        ) : null}
        {!hasError && (
          <Button
            variant="subtle"
            size="xs"
            className={styles.more}
            aria-expanded={more}
            onClick={() => setMore(!more)}
          >
            {more ? t.less : t.more}
            {!more && !isPlain && " …"}
          </Button>
        )}
      </Stack>
    </div>
  );
}

function FieldList({ form, stage, fields }: StageProps & { fields: StageValues["embed"]["fields"] }) {
  const list = `${stage}.embed.fields`;
  return (
    <fieldset className={styles.fields}>
      <legend className={styles.legend}>{e.fields}</legend>
      <Stack gap="md">
        {fields.map((field, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a field is known by its place alone.
          <div key={index} role="group" aria-label={e.field(index + 1)} className={styles.field}>
            <Bound
              form={form}
              stage={stage}
              path={`embed.fields.${index}.name`}
              label={e.fieldName}
              value={field.name}
              most={discordSizes.fieldName}
            />
            <Bound
              form={form}
              stage={stage}
              path={`embed.fields.${index}.value`}
              label={e.fieldValue}
              value={field.value}
              most={discordSizes.fieldValue}
            />
            <div className={styles.fieldFoot}>
              <Checkbox
                label={e.inline}
                checked={field.inline}
                onChange={(event) => form.setFieldValue(`${list}.${index}.inline`, event.currentTarget.checked)}
              />
              <span className={styles.space} />
              {index > 0 && (
                <ActionIcon
                  aria-label={e.fieldUp(index + 1)}
                  onClick={() => form.reorderListItem(list, { from: index, to: index - 1 })}
                >
                  <IconArrowUp size={16} aria-hidden />
                </ActionIcon>
              )}
              <ActionIcon aria-label={e.removeField(index + 1)} onClick={() => form.removeListItem(list, index)}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </div>
          </div>
        ))}
        {fields.length < discordSizes.fields && (
          <Button
            variant="default"
            size="xs"
            className={styles.more}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => form.insertListItem(list, { name: "", value: "", inline: true })}
          >
            {e.addField}
          </Button>
        )}
      </Stack>
    </fieldset>
  );
}
