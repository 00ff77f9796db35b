import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useClient, useConnection } from "../../app/client.context.tsx";
import { codeText } from "../../ui/error.text.ts";
import styles from "./shell.module.css";
import { shellTexts } from "./shell.texts.ts";

/** Says when the connection is down for longer than a blink, and for a moment that it is back. Floats: nothing moves. */
export function ConnectionBanner() {
  const client = useClient();
  const connection = useConnection();
  const { status, reason } = connection;
  const down = status === "waiting" || status === "connecting";
  const [shown, setShown] = useState<"none" | "down" | "back">("none");

  useEffect(() => {
    if (down) {
      const timer = setTimeout(() => setShown("down"), 1_200);
      return () => clearTimeout(timer);
    }
    setShown((before) => (before === "down" && status === "online" ? "back" : "none"));
    return undefined;
  }, [down, status]);

  useEffect(() => {
    if (shown !== "back") return undefined;
    const timer = setTimeout(() => setShown("none"), 2_000);
    return () => clearTimeout(timer);
  }, [shown]);

  if (status === "closed" && reason !== undefined) {
    return (
      <div className={styles.banner} role="alert">
        <span>{codeText(reason.code, reason.message)}</span>
        <Button size="xs" variant="subtle" onClick={() => location.reload()}>
          {shellTexts.retryNow}
        </Button>
      </div>
    );
  }
  return (
    <div role="status">
      {shown === "down" && (
        <div className={styles.banner}>
          <span>{connection.hello === undefined ? shellTexts.connecting : shellTexts.reconnecting}</span>
          <Button size="xs" variant="subtle" onClick={() => client.retryNow()}>
            {shellTexts.retryNow}
          </Button>
        </div>
      )}
      {shown === "back" && (
        <div className={styles.banner} data-quiet>
          {shellTexts.caughtUp}
        </div>
      )}
    </div>
  );
}
