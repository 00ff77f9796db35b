import type { Message, Reaction } from "@foyer/protocol";
import { sayError } from "../../ui/undo.toast.tsx";
import { useOpenRoom } from "../room/room.context.ts";
import { EmojiButton } from "./emoji.button.tsx";
import styles from "./message.module.css";
import { messagesTexts as texts } from "./messages.texts.ts";

/** Reactions under a message: each a switch with its count, and who on hover. */
export function ReactionBar(props: { message: Message }) {
  const { room, self, view, nameOf } = useOpenRoom();
  const { message } = props;
  const react = (emoji: string, on: boolean): void => void room.react(message.messageId, emoji, on).catch(sayError);
  return (
    <div className={styles.reactions} role="group" aria-label={texts.reactions}>
      {message.reactions.map((reaction) => {
        const on = self !== undefined && reaction.by.includes(self.accountId);
        return (
          <button
            key={reaction.emoji}
            type="button"
            className={styles.reaction}
            aria-pressed={on}
            aria-label={texts.reaction(reaction.emoji, reaction.count)}
            data-who={whoReacted(reaction, self?.accountId, nameOf)}
            aria-disabled={!view.rights.write}
            onClick={() => view.rights.write && react(reaction.emoji, !on)}
          >
            <span>{reaction.emoji}</span>
            <span className={styles.count}>{reaction.count}</span>
          </button>
        );
      })}
      {view.rights.write && (
        <EmojiButton look={{ label: texts.react, small: true }} onPick={(emoji) => react(emoji, true)} />
      )}
    </div>
  );
}

/** Names of those who reacted, oneself first, as far as they are known here. */
export function whoReacted(
  reaction: Reaction,
  self: string | undefined,
  nameOf: (accountId: string) => string | undefined,
): string {
  const names: string[] = [];
  if (self !== undefined && reaction.by.includes(self)) names.push(texts.you);
  for (const accountId of reaction.by) {
    const name = accountId === self ? undefined : nameOf(accountId);
    if (name !== undefined && names.length < 12) names.push(name);
  }
  const others = reaction.count - names.length;
  if (others > 0) names.push(texts.others(others));
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} ${texts.and} ${last}`;
}
