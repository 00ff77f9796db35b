import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import styles from "./live.module.css";
import { type LiveStreamer, minutesSince } from "./live.now.ts";
import { liveTexts as t } from "./live.texts.ts";

/** How often the minutes are looked at: they are never a whole tick behind. */
const tickMs = 10_000;

/** Whoever is live, a line each: one on a phone and two elsewhere, the rest on demand. */
export function LiveBar({ live }: { live: readonly LiveStreamer[] }) {
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false }) ?? false;
  const [open, setOpen] = useState(false);
  const now = useNow();
  const most = phone ? 1 : 2;
  const hidden = live.length - most;
  return (
    <section className={styles.bar} aria-label={t.label}>
      <ul className={styles.list}>
        {(open ? live : live.slice(0, most)).map((streamer) => (
          <LiveLine key={streamer.streamerId} streamer={streamer} now={now} />
        ))}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          className={styles.more}
          aria-label={open ? t.less : t.moreNamed(hidden)}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? t.less : phone ? t.moreShort(hidden) : t.more(hidden)}
          {open ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
        </button>
      )}
    </section>
  );
}

function LiveLine({ streamer, now }: { streamer: LiveStreamer; now: number }) {
  const { title, game, viewers, startedAt, url } = streamer.live;
  const minutes = minutesSince(startedAt, now);
  const since = sinceText(minutes);
  return (
    <li className={styles.line}>
      <span className={styles.dot} aria-hidden />
      <div className={styles.about}>
        <span className={styles.name}>{streamer.displayName}</span>
        <span className="visually-hidden"> {t.live}: </span>
        <span className={styles.title} title={title}>
          {title}
        </span>
      </div>
      <div className={styles.facts}>
        {game !== "" && <span className={styles.game}>{game}</span>}
        {viewers !== null && <span className={styles.viewers}>{t.viewers(viewers)}</span>}
        <span>
          <span className="visually-hidden">{minutes === 0 ? t.justNow : t.since(since)}</span>
          <span aria-hidden>{since}</span>
        </span>
      </div>
      <Button
        component="a"
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        size="compact-sm"
        variant="light"
        className={styles.watch ?? ""}
        leftSection={<IconPlayerPlayFilled size={12} aria-hidden />}
        aria-label={t.watchNamed(streamer.displayName)}
      >
        {t.watch}
      </Button>
    </li>
  );
}

function sinceText(minutes: number): string {
  if (minutes === 0) return t.justNow;
  return minutes < 60 ? t.minutes(minutes) : t.hours(Math.floor(minutes / 60), minutes % 60);
}

/** Milliseconds since 1970, looked at again while it is shown. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
