import "@fontsource-variable/jetbrains-mono/index.css";
import type { ReactNode } from "react";
import Markdown, { type Components, type Options } from "react-markdown";
import remarkBreaks from "remark-breaks";
import remarkGfm from "remark-gfm";
import styles from "./markdown.module.css";
import { MentionMark } from "./mention.mark.tsx";
import { remarkMentions } from "./mention.plugin.ts";

export interface MarkdownProps {
  text: string;
  /** Plugins on the HTML tree: highlighting, where it was loaded. */
  rehype?: Options["rehypePlugins"];
}

const allowed = /^(?:https?:|mailto:)/i;

/** Addresses that a message may link to: http, https, mailto, and paths of this server. Others lose their target. */
export function safeUrl(url: string): string {
  const bare = url.replace(/[\u0000-\u0020]/g, "");
  return allowed.test(bare) || /^\/(?![/\\])/.test(bare) || bare.startsWith("#") ? bare : "";
}

function Heading(props: { children?: ReactNode }) {
  return <p className={styles.heading}>{props.children}</p>;
}

function Anchor(props: { href?: string | undefined; children?: ReactNode }) {
  if (props.href === undefined || props.href === "") return <span>{props.children}</span>;
  return (
    <a href={props.href} target="_blank" rel="noopener nofollow noreferrer">
      {props.children}
    </a>
  );
}

const components: Components = {
  a: ({ href, children }) => <Anchor href={href}>{children}</Anchor>,
  // Images would tell another server who reads here: a link leaves that choice to the reader.
  img: ({ src, alt }) => (
    <Anchor href={typeof src === "string" ? src : undefined}>
      {alt === undefined || alt === "" ? String(src ?? "") : alt}
    </Anchor>
  ),
  h1: ({ children }) => <Heading>{children}</Heading>,
  h2: ({ children }) => <Heading>{children}</Heading>,
  h3: ({ children }) => <Heading>{children}</Heading>,
  h4: ({ children }) => <Heading>{children}</Heading>,
  h5: ({ children }) => <Heading>{children}</Heading>,
  h6: ({ children }) => <Heading>{children}</Heading>,
  // A region that scrolls must be reachable by the keyboard.
  pre: ({ children }) => (
    <pre tabIndex={0} data-scrolls>
      {children}
    </pre>
  ),
  table: ({ children }) => (
    <div className={styles.table} tabIndex={0} data-scrolls>
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => (
    <span aria-label={checked === true ? "done" : "open"} role="img">
      {checked === true ? "☑" : "☐"}
    </span>
  ),
  span: ({ node, children, ...rest }) => {
    const handle = node?.properties["dataMention"];
    return typeof handle === "string" ? (
      <MentionMark handle={handle}>{children}</MentionMark>
    ) : (
      <span {...rest}>{children}</span>
    );
  },
};

/** A message's Markdown as the safe subset: no raw HTML, no images, links that give nothing away. */
export function MarkdownView(props: MarkdownProps) {
  return (
    <div className={styles.markdown}>
      <Markdown
        remarkPlugins={[[remarkGfm, { singleTilde: false }], remarkBreaks, remarkMentions]}
        rehypePlugins={props.rehype ?? []}
        urlTransform={safeUrl}
        components={components}
      >
        {props.text}
      </Markdown>
    </div>
  );
}
