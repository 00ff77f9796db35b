import type { Profile } from "@foyer/protocol";
import styles from "./person.module.css";
import { initialsOf, toneOf } from "./person.tone.ts";

/** A person's picture: initials on one of eight tones that stays theirs. `size` in pixels. Decorative. */
export function PersonAvatar(props: {
  person: Pick<Profile, "accountId" | "displayName">;
  size?: number;
  online?: boolean;
}) {
  const size = props.size ?? 36;
  return (
    <span
      aria-hidden
      className={styles.avatar}
      data-tone={toneOf(props.person.accountId)}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.38) }}
    >
      {initialsOf(props.person.displayName)}
      {props.online === true && <span className={styles.online} />}
    </span>
  );
}
