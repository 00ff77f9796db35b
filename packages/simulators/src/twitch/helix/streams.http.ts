import { gameId, type Stage, type TwitchStream, type TwitchVideo, wholeSeconds } from "../stage/stage.ts";
import type { TwitchPerson } from "../twitch.people.ts";
import { HelixError } from "./errors.ts";
import { type HelixRoute, pageOf, pagination } from "./router.ts";

export interface StreamRoutesDeps {
  people: readonly TwitchPerson[];
  stage: Stage;
  now: () => number;
}

const PREVIEWS = "https://static-cdn.jtvnw.net";

/** Get Streams, Get Channel Information, Get Videos. */
export function streamRoutes({ people, stage, now }: StreamRoutesDeps): HelixRoute[] {
  const person = (id: string) => people.find((each) => each.id === id);

  function streamWire(stream: TwitchStream): object {
    const { login = "", displayName = "" } = person(stream.userId) ?? {};
    const { title, game, language, tags } = stage.channel(stream.userId);
    return {
      id: stream.id,
      user_id: stream.userId,
      user_login: login,
      user_name: displayName,
      game_id: gameId(game),
      game_name: game,
      type: "live",
      title,
      viewer_count: stream.viewers,
      started_at: wholeSeconds(stream.startedAt),
      language,
      thumbnail_url: `${PREVIEWS}/previews-ttv/live_user_${login}-{width}x{height}.jpg`,
      tag_ids: [],
      tags,
      is_mature: false,
    };
  }

  function videoWire(video: TwitchVideo): object {
    const { login = "", displayName = "" } = person(video.userId) ?? {};
    return {
      id: video.id,
      stream_id: video.streamId,
      user_id: video.userId,
      user_login: login,
      user_name: displayName,
      title: video.title,
      description: "",
      created_at: wholeSeconds(video.createdAt),
      published_at: wholeSeconds(video.createdAt),
      url: `https://www.twitch.tv/videos/${video.id}`,
      // Until the broadcast is over there is no picture.
      thumbnail_url:
        video.endedAt === null ? "" : `${PREVIEWS}/cf_vods/${video.id}/thumb/thumb0-%{width}x%{height}.jpg`,
      viewable: "public",
      view_count: 0,
      language: stage.channel(video.userId).language,
      type: "archive",
      duration: duration((video.endedAt ?? now()) - video.createdAt),
      muted_segments: null,
    };
  }

  return [
    {
      method: "GET",
      path: "/helix/streams",
      operation: "streams",
      answer({ query }) {
        const ids = query.getAll("user_id");
        const logins = query.getAll("user_login").map((each) => each.toLowerCase());
        for (const [name, list] of Object.entries({ user_id: ids, user_login: logins })) {
          if (list.length > 100)
            throw new HelixError(400, `The parameter "${name}" was malformed: at most 100 values are allowed`);
        }
        const isWanted = ({ userId }: TwitchStream) =>
          ids.length + logins.length === 0 || ids.includes(userId) || logins.includes(person(userId)?.login ?? "");
        const all = stage
          .shown()
          .filter(isWanted)
          .sort((one, other) => other.viewers - one.viewers);
        const { page, cursor } = pageOf(all, query);
        return Response.json({ data: page.map(streamWire), pagination: pagination(cursor) });
      },
    },
    {
      method: "GET",
      path: "/helix/channels",
      operation: "channels",
      answer({ query }) {
        const ids = query.getAll("broadcaster_id");
        if (ids.length === 0) throw new HelixError(400, 'Missing required parameter "broadcaster_id"');
        if (ids.length > 100) throw new HelixError(400, "The number of broadcaster IDs must not exceed 100");
        const data = [...new Set(ids)].flatMap((id) => {
          const found = person(id);
          if (found === undefined) return [];
          const { title, game, language, tags } = stage.channel(id);
          return {
            broadcaster_id: id,
            broadcaster_login: found.login,
            broadcaster_name: found.displayName,
            broadcaster_language: language,
            game_id: gameId(game),
            game_name: game,
            title,
            delay: 0,
            tags,
            content_classification_labels: [],
            is_branded_content: false,
          };
        });
        return Response.json({ data });
      },
    },
    {
      method: "GET",
      path: "/helix/videos",
      operation: "videos",
      answer({ query }) {
        const [ids, user] = [query.getAll("id"), query.get("user_id")];
        if (ids.length === 0 && user === null)
          throw new HelixError(400, "Must provide exactly one of: id, user_id, game_id");
        const type = query.get("type") ?? "all";
        const all = stage
          .videos()
          .filter((video) => (user === null ? ids.includes(video.id) : video.userId === user))
          .filter(() => type === "all" || type === "archive")
          .sort((one, other) => other.createdAt - one.createdAt);
        if (ids.length > 0 && all.length === 0) throw new HelixError(404, "The video was not found");
        const { page, cursor } = pageOf(all, query);
        return Response.json({ data: page.map(videoWire), pagination: pagination(cursor) });
      },
    },
  ];
}

/** As Twitch writes a length: `3h8m33s`. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds % 60}s`;
}
