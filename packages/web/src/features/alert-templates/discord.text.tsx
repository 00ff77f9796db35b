import { createContext, type ReactNode, useContext } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkBreaks from "remark-breaks";
import remarkGfm from "remark-gfm";
import styles from "./discord.module.css";
import { remarkDiscord } from "./discord.plugin.ts";
import { discordTime } from "./discord.time.ts";
import { templatesTexts as t } from "./templates.texts.ts";

/** Names of roles by their ids, for mentions. */
export const RoleNames = createContext<ReadonlyMap<string, string>>(new Map());

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  // A message shows no pictures of its own.
  img: ({ alt, src }) => <>{alt === undefined || alt === "" ? String(src ?? "") : alt}</>,
  h4: ({ children }) => <p>{children}</p>,
  h5: ({ children }) => <p>{children}</p>,
  h6: ({ children }) => <p>{children}</p>,
  span: ({ node, children, ...rest }) => {
    const { dataDiscord: kind, dataId, dataSeconds, dataStyle } = node?.properties ?? {};
    if (kind === "time") return <DiscordTime seconds={Number(dataSeconds)} style={String(dataStyle)} />;
    if (kind === "spoiler") return <span className={styles.spoiler}>{children}</span>;
    if (typeof kind === "string") return <Mention kind={kind} id={String(dataId ?? "")} text={children} />;
    return <span {...rest}>{children}</span>;
  },
};

/** A text in Discord's Markdown, as Discord shows it: no raw HTML, no pictures, no tables. */
export function DiscordText({ text }: { text: string }) {
  return (
    <Markdown
      remarkPlugins={[[remarkGfm, { singleTilde: false }], remarkBreaks, remarkDiscord]}
      disallowedElements={["table", "thead", "tbody", "tr", "th", "td", "hr", "input"]}
      unwrapDisallowed
      components={components}
    >
      {text}
    </Markdown>
  );
}

function DiscordTime({ seconds, style }: { seconds: number; style: string }) {
  return (
    <time
      className={styles.time}
      dateTime={new Date(seconds * 1000).toISOString()}
      title={discordTime(seconds, "F", Date.now())}
    >
      {discordTime(seconds, style, Date.now())}
    </time>
  );
}

function Mention({ kind, id, text }: { kind: string; id: string; text: ReactNode }) {
  const roles = useContext(RoleNames);
  const name = {
    role: `@${roles.get(id) ?? t.role}`,
    member: `@${t.member}`,
    channel: `#${t.channel}`,
  }[kind];
  return <span className={styles.mention}>{name ?? text}</span>;
}
