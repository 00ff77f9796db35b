import type { Changes } from "../../harness/changes.ts";
import type { TwitchPerson } from "../twitch.people.ts";

/** What a channel says about itself, live or not. */
export interface TwitchChannel {
  title: string;
  game: string;
  language: string;
  tags: string[];
}

/** One broadcast. Times in milliseconds since 1970. */
export interface TwitchStream {
  id: string;
  userId: string;
  startedAt: number;
  endedAt: number | null;
  viewers: number;
  /** From when Get Streams knows it, and until when it still shows it. */
  shownFrom: number;
  shownUntil: number | null;
}

/** A recording of a broadcast. */
export interface TwitchVideo {
  id: string;
  streamId: string;
  userId: string;
  title: string;
  createdAt: number;
  endedAt: number | null;
}

/** What is told to those who have subscribed: EventSub's type, who it is about, and its event. */
export interface StageEvent {
  type: string;
  condition: Record<string, string>;
  event: Record<string, unknown>;
}

/** What is to be known of a broadcast when it begins. What is left out stays as the channel has it. */
export interface LiveOptions extends Partial<TwitchChannel> {
  viewers?: number | undefined;
  /** The id of a broadcast of before, as Twitch gives it after a short interruption. */
  streamId?: string | undefined;
  /** When it began, in milliseconds since 1970; default: now. */
  startedAt?: number | undefined;
}

/** The broadcasts at the simulated Twitch. Everything is by login; throws for nobody. */
export interface Stage {
  goLive(login: string, options?: LiveOptions): TwitchStream;
  end(login: string): void;
  /** Ends the broadcast and begins it again, with its id or with a new one. */
  flap(login: string, options?: { newId?: boolean }): TwitchStream;
  changeChannel(login: string, change: Partial<TwitchChannel>): void;
  setViewers(login: string, viewers: number): void;
  /** How long Get Streams does not know a new broadcast, and still shows an ended one, in milliseconds. */
  lag(startMs: number, endMs?: number): void;
  /** Whether broadcasts are recorded. */
  record(isOn: boolean): void;
  channel(userId: string): TwitchChannel;
  /** What Get Streams shows now. */
  shown(): TwitchStream[];
  /** The broadcast that is going on. */
  live(userId: string): TwitchStream | undefined;
  videos(): TwitchVideo[];
  person(login: string): TwitchPerson;
}

export interface StageDeps {
  people: readonly TwitchPerson[];
  now: () => number;
  changes: Changes;
  tell(event: StageEvent): void;
}

/** A stage on which nobody is live. */
export function createStage({ people, now, changes, tell }: StageDeps): Stage {
  const channels = new Map<string, TwitchChannel>();
  const streams: TwitchStream[] = [];
  const videos: TwitchVideo[] = [];
  let lagMs = { start: 0, end: 0 };
  let isRecording = true;
  let lastId = 40_000_000_000 + (Math.trunc(now()) % 1_000_000_000);

  function person(login: string): TwitchPerson {
    const found = people.find((each) => each.login === login.toLowerCase());
    if (found === undefined) throw new Error(`nobody at Twitch is called ${login}`);
    return found;
  }

  function channel(userId: string): TwitchChannel {
    const held = channels.get(userId) ?? { title: "", game: "", language: "en", tags: [] };
    channels.set(userId, held);
    return held;
  }

  const about = ({ id, login, displayName }: TwitchPerson) => ({
    broadcaster_user_id: id,
    broadcaster_user_login: login,
    broadcaster_user_name: displayName,
  });

  function telling(type: string, broadcaster: TwitchPerson, more: object, before: object = {}): void {
    tell({
      type,
      condition: { broadcaster_user_id: broadcaster.id },
      event: { ...before, ...about(broadcaster), ...more },
    });
    changes.notify();
  }

  const live = (userId: string) => streams.find((each) => each.userId === userId && each.endedAt === null);

  const stage: Stage = {
    person,
    channel,
    live,
    goLive(login, options = {}) {
      const broadcaster = person(login);
      if (live(broadcaster.id) !== undefined) throw new Error(`${login} is live already`);
      const { viewers = 0, streamId, startedAt, ...about } = options;
      stage.changeChannel(login, about);
      lastId += 1;
      const begun = startedAt ?? now();
      const stream: TwitchStream = {
        id: streamId ?? String(lastId),
        userId: broadcaster.id,
        startedAt: begun,
        endedAt: null,
        viewers,
        shownFrom: now() + lagMs.start,
        shownUntil: null,
      };
      streams.push(stream);
      if (isRecording && !videos.some((video) => video.streamId === stream.id)) {
        const { title } = channel(broadcaster.id);
        const id = String(2_000_000_000 + (lastId % 1_000_000_000));
        videos.push({ id, streamId: stream.id, userId: broadcaster.id, title, createdAt: begun, endedAt: null });
      }
      telling("stream.online", broadcaster, { type: "live", started_at: wholeSeconds(begun) }, { id: stream.id });
      return stream;
    },
    end(login) {
      const broadcaster = person(login);
      const stream = live(broadcaster.id);
      if (stream === undefined) throw new Error(`${login} is not live`);
      stream.endedAt = now();
      stream.shownUntil = now() + lagMs.end;
      for (const video of videos) if (video.streamId === stream.id) video.endedAt = now();
      telling("stream.offline", broadcaster, {});
    },
    flap(login, { newId = false } = {}) {
      const before = live(person(login).id);
      if (before === undefined) throw new Error(`${login} is not live`);
      stage.end(login);
      const same = newId ? {} : { streamId: before.id, startedAt: before.startedAt };
      return stage.goLive(login, { viewers: before.viewers, ...same });
    },
    changeChannel(login, change) {
      const broadcaster = person(login);
      const before = channel(broadcaster.id);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const after = { ...before, ...given };
      if (JSON.stringify(after) === JSON.stringify(before)) return;
      channels.set(broadcaster.id, after);
      telling("channel.update", broadcaster, {
        title: after.title,
        language: after.language,
        category_id: gameId(after.game),
        category_name: after.game,
        content_classification_labels: [],
      });
    },
    setViewers(login, viewers) {
      const stream = live(person(login).id);
      if (stream === undefined) throw new Error(`${login} is not live`);
      stream.viewers = viewers;
      changes.notify();
    },
    lag(startMs, endMs = 0) {
      lagMs = { start: startMs, end: endMs };
    },
    record(isOn) {
      isRecording = isOn;
    },
    shown: () =>
      streams.filter(({ shownFrom, shownUntil, endedAt }) => {
        return shownFrom <= now() && (endedAt === null || (shownUntil ?? 0) > now());
      }),
    videos: () => [...videos],
  };
  return stage;
}

/** Twitch's id of a game, made from its name: the same name has the same id. Nothing has none. */
export function gameId(name: string): string {
  if (name === "") return "";
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007;
  return String(sum);
}

/** A time as Twitch writes it in Helix and in events. */
export const wholeSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
