import { Component, lazy, memo, type ReactNode, Suspense } from "react";
import styles from "./markdown.module.css";
import { MentionMark } from "./mention.mark.tsx";
import { splitMentions } from "./mention.split.ts";
import { hasCode, isEmojiOnly, isPlain } from "./text.kind.ts";

const Markdown = lazy(async () => ({ default: (await import("./markdown.view.tsx")).MarkdownView }));
const CodeMarkdown = lazy(async () => ({ default: (await import("./code.view.tsx")).CodeMarkdownView }));

/** A message's text. Most need no Markdown and are shown at once; the rest shows as plain text until its chunk is here. */
export const MessageText = memo(function MessageText(props: { text: string }) {
  const { text } = props;
  if (isEmojiOnly(text)) return <div className={styles.large}>{text}</div>;
  if (isPlain(text)) return <PlainText text={text} />;
  const View = hasCode(text) ? CodeMarkdown : Markdown;
  const plain = <PlainText text={text} />;
  return (
    <Fallback key={text} plain={plain}>
      <Suspense fallback={plain}>
        <View text={text} />
      </Suspense>
    </Fallback>
  );
});

function PlainText(props: { text: string }) {
  return (
    <div className={styles.plain}>
      {splitMentions(props.text).map((part, index) =>
        part.mention === undefined ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places
          <MentionMark key={index} handle={part.mention}>
            {part.text}
          </MentionMark>
        ),
      )}
    </div>
  );
}

/** Keeps a message readable when its chunk cannot be loaded: offline, or after the server was upgraded. */
class Fallback extends Component<{ plain: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
