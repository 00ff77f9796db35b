import { EmojiPicker } from "frimousse";
import styles from "./emoji.module.css";
import { emojiTexts } from "./emoji.texts.ts";

/** The emoji picker. Its data comes from this server. */
export function EmojiPickerPanel(props: { onPick: (emoji: string) => void }) {
  return (
    <EmojiPicker.Root
      className={styles.root}
      emojibaseUrl="/assets/emoji"
      columns={8}
      onEmojiSelect={({ emoji }) => props.onPick(emoji)}
    >
      <EmojiPicker.Search
        className={styles.search}
        placeholder={emojiTexts.search}
        aria-label={emojiTexts.search}
        autoFocus
      />
      <EmojiPicker.Viewport className={styles.viewport}>
        <EmojiPicker.Loading className={styles.note}>{emojiTexts.loading}</EmojiPicker.Loading>
        <EmojiPicker.Empty className={styles.note}>{({ search }) => emojiTexts.none(search)}</EmojiPicker.Empty>
        <EmojiPicker.List
          className={styles.list}
          aria-label={emojiTexts.label}
          components={{
            CategoryHeader: ({ category, ...rest }) => (
              <div {...rest} className={styles.category}>
                {category.label}
              </div>
            ),
            Row: ({ children, ...rest }) => (
              <div {...rest} {...countedFromOne(rest)} className={styles.line}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...rest }) => (
              <button
                {...rest}
                {...countedFromOne(rest)}
                type="button"
                className={styles.emoji}
                data-active={emoji.isActive || undefined}
              >
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}

interface GridPlace {
  "aria-rowindex"?: number | undefined;
  "aria-colindex"?: number | undefined;
}

/** Places in a grid count from one; the picker's own count from zero. */
function countedFromOne(place: GridPlace): GridPlace {
  const row = place["aria-rowindex"];
  const column = place["aria-colindex"];
  return {
    ...(row === undefined ? {} : { "aria-rowindex": row + 1 }),
    ...(column === undefined ? {} : { "aria-colindex": column + 1 }),
  };
}
