import type { EndpointOutput } from "@foyer/protocol";
import { Link } from "@tanstack/react-router";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { When } from "../../ui/when.text.tsx";
import styles from "./search.module.css";
import { snippetParts } from "./snippet.parts.ts";

/** One message that was found; leads to its place in the room. */
export function SearchHit({ hit }: { hit: EndpointOutput<"search">["items"][number] }) {
  const { message } = hit;
  return (
    <li>
      <Link
        to="/rooms/$roomId"
        params={{ roomId: message.roomId }}
        search={{ message: message.messageId }}
        className={styles.hit}
      >
        <PersonAvatar person={message.author} size={36} />
        <span className={styles.hitText}>
          <span className={styles.hitHead}>
            <span className={styles.who}>
              <span className={styles.author}>{message.author.displayName}</span>{" "}
              <span className={styles.room}>{hit.roomName}</span>
            </span>
            <When at={message.createdAt} className={styles.time} />
          </span>
          <span className={styles.snippet}>
            {snippetParts(hit.snippet).map((part, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text have no identity but their place
              part.marked ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}
