import rehypeHighlight from "rehype-highlight";
import "./code.css";
import { MarkdownView } from "./markdown.view.tsx";

const highlighting = [rehypeHighlight];

/** Markdown whose fenced code is highlighted. Its own chunk: only messages with fenced code load it. */
export function CodeMarkdownView(props: { text: string }) {
  return <MarkdownView text={props.text} rehype={highlighting} />;
}
