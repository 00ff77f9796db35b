import type { Streamer } from "@foyer/protocol";
import { isoTime } from "../../../platform/clock/clock.ts";
import { type HeardType, heardTypes } from "../hearing/twitch.port.ts";
import type { BroadcastersStore, StreamerRecord } from "./broadcasters.store.ts";

/** Streamers as the rest of the alerts shows them, under their names. */
export function createStreamerViews(
  store: Pick<BroadcastersStore, "announcedBy">,
  isConfigured: boolean,
): { announcedBy(guildIds: readonly string[]): Promise<Streamer[]> } {
  return {
    async announcedBy(guildIds) {
      return (await store.announcedBy(guildIds)).map((each) => streamerView(each, isConfigured));
    },
  };
}

const types = Object.keys(heardTypes) as HeardType[];
const PENDING = "webhook_callback_verification_pending";

/** A broadcaster as pages see one. `isConfigured`: Twitch is set up, so that it can tell about them. */
export function streamerView(record: StreamerRecord, isConfigured: boolean): Streamer {
  const { broadcasterId, login, displayName, avatarUrl, addedBy, live } = record;
  return {
    streamerId: broadcasterId,
    login,
    displayName,
    avatarUrl,
    addedBy,
    live: live && {
      title: live.title,
      game: live.game,
      viewers: live.viewers,
      startedAt: isoTime(live.startedAt),
      url: `https://www.twitch.tv/${login}`,
    },
    hearing: isConfigured ? hearingOf(record) : "failing",
  };
}

/** What EventSub tells of going live and of its end; a title that is not heard of is found by asking. */
function hearingOf({ statuses }: StreamerRecord): Streamer["hearing"] {
  const all = types.map((type) => statuses.get(type));
  if (all.some((status) => status !== undefined && status !== "enabled" && status !== PENDING)) return "failing";
  return all.every((status) => status === "enabled") ? "ok" : "waiting";
}
