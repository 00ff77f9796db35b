import type { TwitchApi, TwitchStream } from "../../../modules/alerts/index.ts";
import { createHelixEventSub } from "./helix.eventsub.ts";
import { eachOf, pagesOf } from "./helix.pages.ts";
import type { HelixRequests } from "./helix.requests.ts";
import { channelWire, streamWire, userWire, videoWire } from "./helix.wire.ts";

/** Most ids in one request. */
const PAGE = 100;
/** Longer texts than Twitch allows are cut: they go into messages. */
const LONGEST_TEXT = 300;
const MOST_TAGS = 20;

/** What alerts ask of Helix. */
export function createHelixApi(request: HelixRequests): TwitchApi {
  async function users(name: "id" | "login", values: readonly string[]) {
    const found = [];
    for (const page of pagesOf(values, PAGE)) {
      const answer = await request({ path: "/users", query: page.map((value) => [name, value] as const) });
      // A name that cannot be one is refused as a whole: nobody is called so.
      if (answer.status === 400) continue;
      found.push(...eachOf(userWire, answer));
    }
    return found.map((user) => ({
      twitchId: user.id,
      login: user.login,
      displayName: short(user.display_name) || user.login,
      avatarUrl: secureAddress(user.profile_image_url),
    }));
  }

  return {
    ...createHelixEventSub(request),
    usersByIds: (twitchIds) => users("id", twitchIds),
    usersByLogins: (logins) => users("login", logins),

    async streams(twitchIds) {
      const found: TwitchStream[] = [];
      for (const page of pagesOf(twitchIds, PAGE)) {
        const ids = page.map((id) => ["user_id", id] as const);
        const answer = await request({ path: "/streams", query: [...ids, ["first", String(PAGE)]] });
        for (const stream of eachOf(streamWire, answer)) {
          if (stream.type !== "live") continue;
          found.push({
            twitchId: stream.user_id,
            twitchStreamId: stream.id,
            ...aboutOf(stream, stream.language),
            viewers: stream.viewer_count,
            startedAt: stream.started_at,
            thumbnailUrl: secureAddress(stream.thumbnail_url) ?? undefined,
          });
        }
      }
      return found;
    },

    async channel(twitchId, deadlineMs) {
      const query = [["broadcaster_id", twitchId]] as const;
      const found = eachOf(channelWire, await request({ path: "/channels", query, urgent: true, deadlineMs }));
      const channel = found.find((each) => each.broadcaster_id === twitchId);
      return channel && { twitchId, ...aboutOf(channel, channel.broadcaster_language) };
    },

    async recording(twitchId, twitchStreamId) {
      const query = [
        ["user_id", twitchId],
        ["type", "archive"],
        ["first", "5"],
      ] as const;
      const answer = await request({ path: "/videos", query });
      // A channel that is gone has no recordings either.
      if (answer.status === 404) return undefined;
      return eachOf(videoWire, answer).find((video) => video.stream_id === twitchStreamId)?.url;
    },
  };
}

function aboutOf(from: { title: string; game_name: string; tags?: string[] | null | undefined }, language: string) {
  return {
    title: short(from.title),
    game: short(from.game_name),
    language: short(language),
    tags: (from.tags ?? []).slice(0, MOST_TAGS).map(short),
  };
}

const short = (text: string) => (text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text);

function secureAddress(text: string | undefined): string | null {
  return text?.startsWith("https://") && text.length <= 2048 ? text : null;
}
