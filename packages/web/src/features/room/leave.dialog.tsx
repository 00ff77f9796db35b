import { Button, Group, Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { rememberRoom } from "../rooms/last.room.ts";
import { useOpenRoom } from "./room.context.ts";
import { roomTexts as texts } from "./room.texts.ts";

/** Asks before leaving: coming back to a private room needs an invite link, so this cannot be undone. */
export function LeaveDialog(props: { title: string; onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { view } = useOpenRoom();
  const [busy, setBusy] = useState(false);
  const leave = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.api.leaveRoom({ params: { roomId: view.roomId } });
      rememberRoom(undefined);
      await queries.invalidateQueries({ queryKey: ["rooms"] });
      props.onClose();
      say(texts.left(props.title));
      await navigate({ to: "/" });
    } catch (error) {
      sayError(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={props.onClose} title={texts.leaveTitle(props.title)}>
      {view.kind === "private" && <Text mb="md">{texts.leavePrivate}</Text>}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          {texts.stay}
        </Button>
        <Button color="red" loading={busy} onClick={() => void leave()}>
          {texts.leave}
        </Button>
      </Group>
    </Modal>
  );
}
