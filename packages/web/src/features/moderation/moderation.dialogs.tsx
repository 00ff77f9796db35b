import type { Message, Profile, RoomView } from "@foyer/protocol";
import { createContext, lazy, type ReactNode, Suspense, use, useMemo, useState } from "react";

/** A dialog of moderation. A `ban` without a room is one of the whole server. */
export type ModerationDialog =
  | { kind: "report"; message: Message }
  | { kind: "revisions"; message: Message }
  | { kind: "timeOut"; roomId: string; person: Profile }
  | { kind: "ban"; person: Profile; room?: Pick<RoomView, "roomId" | "name"> };

type OpenDialog = (dialog: ModerationDialog) => void;

const OpenContext = createContext<OpenDialog | undefined>(undefined);
const ReportDialog = lazy(async () => ({ default: (await import("./report.dialog.tsx")).ReportDialog }));
const RevisionsDialog = lazy(async () => ({ default: (await import("./revisions.dialog.tsx")).RevisionsDialog }));
const TimeOutDialog = lazy(async () => ({ default: (await import("./time-out.dialog.tsx")).TimeOutDialog }));
const BanDialog = lazy(async () => ({ default: (await import("./ban.dialog.tsx")).BanDialog }));

/** Menus close when an item is chosen and give the focus back; a dialog that opens sooner could not return it. */
const menuClosesMs = 40;

/** Holds the dialogs of moderation, above the menus that open them, so that they outlive those. */
export function ModerationDialogs(props: { children: ReactNode }) {
  const [dialog, setDialog] = useState<ModerationDialog>();
  const [opened, setOpened] = useState(false);
  const open = useMemo<OpenDialog>(
    () => (next) => {
      setTimeout(() => {
        setDialog(next);
        setOpened(true);
      }, menuClosesMs);
    },
    [],
  );
  const shared = { opened, onClose: () => setOpened(false) };
  return (
    <OpenContext value={open}>
      {props.children}
      <Suspense>
        {dialog?.kind === "report" && (
          <ReportDialog key={dialog.message.messageId} message={dialog.message} {...shared} />
        )}
        {dialog?.kind === "revisions" && (
          <RevisionsDialog key={dialog.message.messageId} message={dialog.message} {...shared} />
        )}
        {dialog?.kind === "timeOut" && (
          <TimeOutDialog key={dialog.person.accountId} roomId={dialog.roomId} person={dialog.person} {...shared} />
        )}
        {dialog?.kind === "ban" && (
          <BanDialog key={dialog.person.accountId} person={dialog.person} room={dialog.room} {...shared} />
        )}
      </Suspense>
    </OpenContext>
  );
}

/** Opens a dialog of moderation. Throws outside `ModerationDialogs`. */
export function useModerationDialog(): OpenDialog {
  const open = use(OpenContext);
  if (open === undefined) throw new Error("useModerationDialog needs ModerationDialogs above it");
  return open;
}
