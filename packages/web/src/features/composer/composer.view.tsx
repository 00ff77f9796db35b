import type { RoomSnapshot } from "@foyer/client";
import type { Message } from "@foyer/protocol";
import { type Ref, useEffect, useState } from "react";
import { isGuest, useSession } from "../../app/session.ts";
import { useOpenRoom } from "../room/room.context.ts";
import { ComposerBlock } from "./composer.block.tsx";
import { ComposerForm } from "./composer.form.tsx";
import { writeState } from "./write.state.ts";

/** What the room asks of its composer. */
export interface ComposerHandle {
  focus: () => void;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  /** Puts a text into the field, before what is being written. */
  write: (text: string) => void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  snapshot: RoomSnapshot;
  /** The newest message of one's own in sight, which arrow-up edits. */
  lastOwn: () => Message | undefined;
}

/** Where messages are written, or in words why not. */
export function Composer(props: ComposerProps) {
  const { view } = useOpenRoom();
  const guest = isGuest(useSession());
  const [now, setNow] = useState(() => Date.now());
  const state = writeState(view, guest, now);
  const counting = !state.may && state.why === "timedOut";
  useEffect(() => {
    if (!counting) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [counting]);
  return state.may ? <ComposerForm {...props} /> : <ComposerBlock state={state} />;
}
