import type { RenderedMessage } from "@foyer/protocol";
import { useState } from "react";
import { FoyerMark } from "../../ui/foyer.mark.tsx";
import styles from "./discord.module.css";
import { DiscordText, RoleNames } from "./discord.text.tsx";
import { templatesTexts as t } from "./templates.texts.ts";

interface DiscordPreviewProps {
  message: RenderedMessage;
  /** Discord's own appearance, whatever this page has. */
  scheme: "dark" | "light";
  botName: string;
  /** Names of roles by their ids. */
  roles: ReadonlyMap<string, string>;
}

/** A message of a bot as Discord shows it. */
export function DiscordPreview({ message, scheme, botName, roles }: DiscordPreviewProps) {
  return (
    <RoleNames value={roles}>
      <div className={styles.frame} data-scheme={scheme}>
        <div className={styles.message}>
          <span className={styles.avatar} aria-hidden>
            <FoyerMark size={22} />
          </span>
          <div>
            <div className={styles.who}>
              <span className={styles.name}>{botName}</span>
              <span className={styles.badge}>{t.app}</span>
              <span className={styles.when}>{t.now}</span>
            </div>
            <div className={styles.body}>
              <DiscordText text={message.content} />
            </div>
            {message.embed !== null && <Embed embed={message.embed} />}
          </div>
        </div>
      </div>
    </RoleNames>
  );
}

function Embed({ embed }: { embed: NonNullable<RenderedMessage["embed"]> }) {
  const { title, url, description, color, author, thumbnailUrl, imageUrl, fields, footer, timestamp } = embed;
  const bar = color === undefined ? {} : { borderLeftColor: `#${color.toString(16).padStart(6, "0")}` };
  return (
    <div className={styles.embed} style={bar}>
      {thumbnailUrl !== undefined && <Picture url={thumbnailUrl} className={styles.thumbnail} />}
      {author !== undefined && (
        <div className={styles.author}>
          {author.iconUrl !== undefined && <Picture url={author.iconUrl} quiet />}
          {author.url === undefined ? <span>{author.name}</span> : <Outside url={author.url} text={author.name} />}
        </div>
      )}
      {title !== undefined && (
        <div className={styles.title}>
          {url === undefined ? <DiscordText text={title} /> : <TitleLink url={url} title={title} />}
        </div>
      )}
      {description !== undefined && (
        <div className={styles.description}>
          <DiscordText text={description} />
        </div>
      )}
      {fields.length > 0 && (
        <div className={styles.fields}>
          {fields.map((field, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a field is known by its place alone.
            <div key={index} className={styles.field} data-inline={field.inline || undefined}>
              <div className={styles.fieldName}>
                <DiscordText text={field.name} />
              </div>
              <DiscordText text={field.value} />
            </div>
          ))}
        </div>
      )}
      {imageUrl !== undefined && <Picture url={imageUrl} className={styles.image} />}
      {(footer !== undefined || timestamp !== undefined) && (
        <div className={styles.footer}>
          {footer}
          {footer !== undefined && timestamp !== undefined && " • "}
          {timestamp !== undefined &&
            new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" }).format(new Date(timestamp))}
        </div>
      )}
    </div>
  );
}

function Outside({ url, text }: { url: string; text: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  );
}

function TitleLink({ url, title }: { url: string; title: string }) {
  // A title that is a link holds no other link; its Markdown is escaped by whoever filled it in.
  return <Outside url={url} text={title.replaceAll(/\\([^\w\s])/g, "$1")} />;
}

interface PictureProps {
  url: string;
  className?: string | undefined;
  /** Says nothing where the picture cannot be shown. */
  quiet?: boolean;
}

/** A picture, or a box in its place: pages here show pictures of few other servers. */
function Picture({ url, className, quiet = false }: PictureProps) {
  const [failed, setFailed] = useState("");
  const classes = `${styles.picture} ${className ?? ""}`;
  if (failed === url) {
    return (
      <span className={classes} title={url}>
        {quiet ? "" : t.picture}
      </span>
    );
  }
  return <img className={classes} src={url} alt="" referrerPolicy="no-referrer" onError={() => setFailed(url)} />;
}
