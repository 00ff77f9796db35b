import type { Message } from "@foyer/protocol";
import { useEffect, useRef, useState } from "react";
import { messagesTexts } from "./messages.texts.ts";

/** Reads new messages of others out politely. What was there when the room opened, or comes from history, stays silent. */
export function Announcer(props: { messages: readonly Message[]; self: string | undefined }) {
  const newest = useRef<number | undefined>(undefined);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const last = props.messages.at(-1);
    if (last === undefined) return;
    const before = newest.current;
    newest.current = Math.max(before ?? 0, last.offset);
    if (before === undefined || last.offset <= before || last.author.accountId === props.self) return;
    // History that is loaded forwards is old; what was just written is an announcement.
    if (Date.now() - Date.parse(last.createdAt) > 60_000) return;
    setSaid(messagesTexts.said(last.author.displayName, last.message.slice(0, 200)));
  }, [props.messages, props.self]);
  return (
    <div aria-live="polite" className="visually-hidden">
      {said}
    </div>
  );
}
