import type { CreateRoomBody, RoomKind } from "@foyer/protocol";
import { hasRole } from "@foyer/protocol/constants";
import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { errorText } from "../../ui/error.text.ts";
import { uiTexts } from "../../ui/ui.texts.ts";
import { PeopleField } from "./people.field.tsx";
import { roomsTexts } from "./rooms.texts.ts";

const texts = roomsTexts.dialog;

/** Makes a public or private room, or opens a conversation. `start` is what the button that opened it meant. */
export function CreateRoomDialog(props: { start: "room" | "direct"; onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const account = useSession().account;
  const kinds: RoomKind[] =
    account !== null && hasRole(account.role, "moderator") ? ["public", "private", "direct"] : ["private", "direct"];
  const [kind, setKind] = useState<RoomKind>(props.start === "direct" ? "direct" : (kinds[0] ?? "private"));
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  const [people, setPeople] = useState<string[]>([]);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (kind === "direct" ? people.length === 0 : name.trim() === "") {
      setProblem(kind === "direct" ? texts.peopleEmpty : texts.nameEmpty);
      return;
    }
    setBusy(true);
    try {
      const body: CreateRoomBody =
        kind === "direct" ? { kind, accountIds: people } : { kind, name: name.trim(), topic: topic.trim() };
      const room = await client.api.createRoom({ body });
      await queries.invalidateQueries({ queryKey: ["rooms"] });
      props.onClose();
      await navigate({ to: "/rooms/$roomId", params: { roomId: room.roomId } });
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={props.onClose} title={kind === "direct" ? roomsTexts.createDirect : texts.title}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <div>
            <SegmentedControl
              fullWidth
              aria-label={texts.kind}
              value={kind}
              onChange={(value) => {
                setKind(value);
                setProblem(undefined);
              }}
              data={kinds.map((value) => ({ value, label: texts.kinds[value] }))}
            />
            <Text size="sm" c="dimmed" mt={8}>
              {texts.kindHints[kind]}
            </Text>
          </div>
          {kind === "direct" ? (
            <PeopleField value={people} onChange={setPeople} error={problem} />
          ) : (
            <>
              <TextInput
                data-autofocus
                label={texts.name}
                value={name}
                maxLength={64}
                error={problem}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Textarea
                label={texts.topic}
                value={topic}
                maxLength={500}
                autosize
                minRows={2}
                maxRows={6}
                onChange={(event) => setTopic(event.currentTarget.value)}
              />
            </>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={props.onClose}>
              {uiTexts.cancel}
            </Button>
            <Button type="submit" loading={busy}>
              {kind === "direct" ? texts.open : texts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
