import type { CreateDestinationBody, Destination, DestinationKind } from "@foyer/protocol";
import { Button, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useClient } from "../../app/client.context.tsx";
import { fieldErrors } from "../../ui/form.errors.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { destinationsQuery } from "../alerts/alerts.queries.ts";
import { useRooms } from "../rooms/rooms.query.ts";
import { ChannelField } from "./channel.field.tsx";
import styles from "./destinations.module.css";
import { destinationsTexts as t } from "./destinations.texts.ts";

interface FormValues {
  kind: DestinationKind;
  channelId: string;
  roomId: string;
  url: string;
  name: string;
}

interface DestinationFormProps {
  guildId: string;
  /** Kinds that are not offered. */
  without?: readonly DestinationKind[];
  /** `secret`: of a webhook; there is no other time to show it. */
  onMade: (destination: Destination, secret: string | undefined) => void;
  /** Puts the button where it belongs. */
  actions: (submit: ReactNode) => ReactNode;
}

/** Chooses where alerts go: a channel where it is a Discord server, else a room, phones or a webhook. */
export function DestinationForm({ guildId, without = [], onMade, actions }: DestinationFormProps) {
  const client = useClient();
  const queries = useQueryClient();
  const isHere = guildId === "here";
  // Rooms and phones belong to this server; programs may listen for anybody's alerts.
  const possible: DestinationKind[] = isHere ? ["room", "push", "webhook"] : ["discord", "webhook"];
  const kinds = possible.filter((kind) => !without.includes(kind));
  const form = useForm<FormValues>({
    initialValues: { kind: kinds[0] ?? "webhook", channelId: "", roomId: "", url: "", name: "" },
    validate: {
      channelId: (value, { kind }) => (kind === "discord" && value === "" ? t.channelEmpty : null),
      roomId: (value, { kind }) => (kind === "room" && value === "" ? t.roomEmpty : null),
      url: (value, { kind }) => (kind === "webhook" && value.trim() === "" ? t.urlEmpty : null),
    },
  });
  const make = useMutation({
    mutationFn: (values: FormValues) => client.api.createDestination({ params: { guildId }, body: bodyOf(values) }),
    onSuccess: async ({ secret, ...destination }) => {
      await queries.invalidateQueries({ queryKey: destinationsQuery(client, guildId).queryKey });
      onMade(destination, secret);
    },
    onError: (error) =>
      form.setErrors(
        fieldErrors(error, { "destination.exists": fieldOf(form.values.kind), "destination.blocked_address": "url" }),
      ),
  });
  const { kind } = form.values;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack gap="md">
        <div>
          {kinds.length > 1 && (
            <SegmentedControl
              fullWidth
              aria-label={t.kind}
              value={kind}
              onChange={(value) => {
                form.clearErrors();
                make.reset();
                form.setFieldValue("kind", value);
              }}
              data={kinds.map((value) => ({ value, label: t.kinds[value] }))}
            />
          )}
          <p className={styles.hint}>{t.kindHints[kind]}</p>
        </div>
        {kind === "discord" && (
          <ChannelField
            guildId={guildId}
            value={form.values.channelId}
            error={form.errors["channelId"]}
            onChange={(channelId) => form.setFieldValue("channelId", channelId)}
          />
        )}
        {kind === "room" && (
          <RoomField
            value={form.values.roomId}
            error={form.errors["roomId"]}
            onChange={(roomId) => form.setFieldValue("roomId", roomId)}
          />
        )}
        {kind === "webhook" && (
          <TextInput
            label={t.url}
            description={t.urlHint}
            type="url"
            inputMode="url"
            autoComplete="off"
            maxLength={2048}
            {...form.getInputProps("url")}
          />
        )}
        <TextInput label={t.name} description={t.nameHint} maxLength={64} {...form.getInputProps("name")} />
        <FormProblem error={make.error} fields={form.errors} />
      </Stack>
      {actions(
        <Button type="submit" loading={make.isPending}>
          {t.make}
        </Button>,
      )}
    </form>
  );
}

interface FieldProps {
  value: string;
  error?: ReactNode;
  onChange: (value: string) => void;
}

/** Rooms that alerts can stand in: no direct conversations, and none that is archived. */
function RoomField({ value, error, onChange }: FieldProps) {
  const rooms = useRooms();
  const possible = (rooms.data ?? []).filter((room) => room.kind !== "direct" && room.archivedAt === undefined);
  return (
    <Select
      label={t.room}
      placeholder={t.roomPlaceholder}
      searchable
      data={possible.map(({ roomId, name }) => ({ value: roomId, label: name ?? roomId }))}
      value={value === "" ? null : value}
      error={error}
      onChange={(roomId) => onChange(roomId ?? "")}
    />
  );
}

/** The field that says where, for errors about the place. */
function fieldOf(kind: DestinationKind): string {
  return { discord: "channelId", room: "roomId", push: "name", webhook: "url" }[kind];
}

function bodyOf({ kind, channelId, roomId, url, name }: FormValues): CreateDestinationBody {
  const named = name.trim() === "" ? {} : { name: name.trim() };
  if (kind === "discord") return { kind, channelId, ...named };
  if (kind === "room") return { kind, roomId, ...named };
  if (kind === "webhook") return { kind, url: url.trim(), ...named };
  return { kind, ...named };
}
