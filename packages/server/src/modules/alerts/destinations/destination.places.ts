import type { GuildChannel, Streamer } from "@foyer/protocol";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { DestinationPlaces } from "./destination.places.port.ts";

export interface PlacesDeps {
  /** Channels of a Discord server. Throws `guild.bot_missing`, `provider.unavailable`. */
  channels(guildId: string): Promise<GuildChannel[]>;
  /** The name of a room that takes alerts; undefined: there is none. */
  roomName(roomId: string): Promise<string | undefined>;
  /** Throws `destination.blocked_address` for an address that must not be reached from here. */
  checkAddress(url: string): Promise<void>;
  streamers(guildId: string): Promise<Streamer[]>;
}

/** Looks at the real places before something is to be sent there. */
export function createDestinationPlaces(deps: PlacesDeps): DestinationPlaces {
  return {
    async of(guildId, body) {
      if (body.kind === "push") return { target: "", name: "Phones and browsers" };
      if (body.kind === "webhook") {
        await deps.checkAddress(body.url);
        const { host } = new URL(body.url);
        return { target: host, name: host.slice(0, 64) };
      }
      if (body.kind === "room") {
        // Whoever manages a Discord server manages nothing here.
        const name = guildId === "here" ? await deps.roomName(body.roomId) : undefined;
        if (name === undefined) throw invalid("There is no such room to announce in.");
        return { target: body.roomId, name };
      }
      if (guildId === "here") throw invalid("Choose the Discord server that the channel belongs to.");
      const channel = (await deps.channels(guildId)).find(({ channelId }) => channelId === body.channelId);
      if (channel === undefined) throw invalid("There is no such channel on this Discord server.");
      return { target: channel.channelId, name: `#${channel.name}`.slice(0, 64) };
    },
    streamers: deps.streamers,
  };
}

const invalid = (message: string) => new AppError("destination.target_invalid", message);
