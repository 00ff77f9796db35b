import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useOpenRoom } from "../room/room.context.ts";
import styles from "./composer.module.css";
import { composerTexts } from "./composer.texts.ts";
import { waitText } from "./wait.text.ts";
import type { WriteState } from "./write.state.ts";

const texts = composerTexts.block;

/** Stands where the composer would: why one cannot write, and what to do about it. */
export function ComposerBlock(props: { state: Exclude<WriteState, { may: true }> }) {
  const { view } = useOpenRoom();
  const { state } = props;
  const words = state.why === "timedOut" ? texts.timedOut(waitText(state.seconds)) : texts[state.why];
  return (
    <div className={styles.block}>
      <span>{words}</span>
      {state.why === "guest" && (
        <Button component={Link} size="xs" to={`/sign-in?next=${encodeURIComponent(`/rooms/${view.roomId}`)}`}>
          {texts.signIn}
        </Button>
      )}
    </div>
  );
}
