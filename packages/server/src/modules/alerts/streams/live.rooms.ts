import type { LiveRoom, Streamer } from "@foyer/protocol";
import type { Caller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";

/** A room that announces broadcasters of a guild, but for those that it is not to speak of. */
export interface AnnouncingRoom {
  roomId: string;
  guildId: string;
  silentAbout: ReadonlySet<string>;
}

export interface LiveRoomsDeps {
  /** Rooms that anybody announces somebody in. */
  rooms(): Promise<AnnouncingRoom[]>;
  /** Whom a guild announces. */
  announcedBy(guildId: string): Promise<Streamer[]>;
  /** Those of the rooms that the caller may read. */
  readable(caller: Caller, roomIds: readonly string[]): Promise<ReadonlySet<string>>;
  clock: Clock;
}

/** Who is live now, in which room one hears of it. */
export interface LiveRooms {
  /** Of the rooms that the caller may read. May be some seconds old. */
  of(caller: Caller): Promise<LiveRoom[]>;
}

/** For so long an answer serves everybody who asks: pages ask again and again. Milliseconds. */
const freshMs = 3_000;

/** Who is live, over its dependencies. */
export function createLiveRooms({ rooms, announcedBy, readable, clock }: LiveRoomsDeps): LiveRooms {
  let known: { at: number; items: Promise<LiveRoom[]> } | undefined;

  async function look(): Promise<LiveRoom[]> {
    const announcing = await rooms();
    const live = new Map<string, Streamer[]>();
    for (const guildId of new Set(announcing.map((room) => room.guildId))) {
      live.set(
        guildId,
        (await announcedBy(guildId)).filter((streamer) => streamer.live !== null),
      );
    }
    const items = announcing.flatMap(({ roomId, guildId, silentAbout }) =>
      (live.get(guildId) ?? [])
        .filter(({ streamerId }) => !silentAbout.has(streamerId))
        .map((streamer) => ({ roomId, streamer })),
    );
    // Two guilds may announce the same person in one room.
    return [...new Map(items.map((item) => [`${item.roomId} ${item.streamer.streamerId}`, item])).values()];
  }

  return {
    async of(caller) {
      const now = clock.now();
      if (known === undefined || now - known.at >= freshMs || now < known.at) {
        const items = look();
        known = { at: now, items };
        items.catch(() => {
          known = undefined;
        });
      }
      const items = await known.items;
      const open = await readable(caller, [...new Set(items.map(({ roomId }) => roomId))]);
      return items.filter(({ roomId }) => open.has(roomId));
    },
  };
}
