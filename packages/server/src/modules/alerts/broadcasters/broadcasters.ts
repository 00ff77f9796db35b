import type { Streamer } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import type { TwitchApi } from "../hearing/twitch.port.ts";
import type { BroadcastersStore } from "./broadcasters.store.ts";
import { channelName } from "./channel.name.ts";
import { streamerView } from "./streamer.view.ts";

/** Most broadcasters that one guild announces. */
export const MOST_STREAMERS = 500;

/** Whom guilds announce. Everything asks whether the caller may manage the guild, and throws as `GuildAccess` does. */
export interface Broadcasters {
  list(caller: AccountCaller, guildId: string): Promise<Streamer[]>;
  /**
   * By name or address of the channel; adding somebody again changes nothing. Throws `streamer.unknown_login`,
   * `streamer.too_many`, `alerts.not_configured`, `provider.unavailable`.
   */
  add(caller: AccountCaller, guildId: string, text: string): Promise<Streamer>;
  /** Throws `streamer.not_found`. */
  remove(caller: AccountCaller, guildId: string, streamerId: string): Promise<void>;
  /** Of all guilds that the caller manages. */
  listAll(caller: AccountCaller): Promise<Streamer[]>;
  /** One of those. Throws `streamer.not_found`. */
  get(caller: AccountCaller, streamerId: string): Promise<Streamer>;
}

export interface BroadcastersDeps {
  store: BroadcastersStore;
  access: Pick<GuildAccess, "manage" | "managed">;
  /** Undefined where Twitch is not configured. */
  api: Pick<TwitchApi, "usersByLogins"> | undefined;
  /** Somebody is announced, or is no longer. */
  changed: () => void;
  /** A guild announces somebody from now on, who may be live already. */
  joined: (guildId: string, broadcasterId: string) => Promise<void>;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

export function createBroadcasters(deps: BroadcastersDeps): Broadcasters {
  const { store, access, api, audit, clock, ids } = deps;
  const isConfigured = api !== undefined;

  async function view(guildIds: readonly string[], streamerId: string): Promise<Streamer> {
    const found = await store.find(guildIds, streamerId);
    if (found === undefined) throw missing();
    return streamerView(found, isConfigured);
  }

  return {
    async list(caller, guildId) {
      await access.manage(caller, guildId);
      return (await store.announcedBy([guildId])).map((each) => streamerView(each, isConfigured));
    },

    async add(caller, guildId, text) {
      const { accountId } = await access.manage(caller, guildId);
      if (api === undefined) throw notConfigured();
      const login = channelName(text);
      const user = login === undefined ? undefined : (await api.usersByLogins([login])).find(is(login));
      if (user === undefined) throw new AppError("streamer.unknown_login", "Twitch knows no channel of this name.");
      const addition = { user, newId: ids.uuid(), limit: MOST_STREAMERS, now: clock.now() };
      const added = await store.add(guildId, { ...addition, addedByAccount: accountId });
      if (added.result === "full") throw tooMany();
      const { broadcasterId } = added;
      if (added.result === "added") {
        const subject = { kind: "guild", id: guildId };
        await audit.record({ actorId: accountId, action: "streamer.added", subject, details: { broadcasterId } });
        deps.changed();
        await deps.joined(guildId, broadcasterId);
      }
      return view([guildId], broadcasterId);
    },

    async remove(caller, guildId, streamerId) {
      const { accountId } = await access.manage(caller, guildId);
      if (!(await store.remove(guildId, streamerId))) throw missing();
      const subject = { kind: "guild", id: guildId };
      const details = { broadcasterId: streamerId };
      await audit.record({ actorId: accountId, action: "streamer.removed", subject, details });
      deps.changed();
    },

    async listAll(caller) {
      const found = await store.announcedBy(await access.managed(caller));
      return found.map((each) => streamerView(each, isConfigured));
    },

    get: async (caller, streamerId) => view(await access.managed(caller), streamerId),
  };
}

const is = (login: string) => (user: { login: string }) => user.login.toLowerCase() === login;

const missing = () => new AppError("streamer.not_found", "There is no such streamer.");

export const tooMany = () =>
  new AppError("streamer.too_many", `A server announces at most ${MOST_STREAMERS} streamers.`);

export const notConfigured = () => new AppError("alerts.not_configured", "Twitch is not set up on this server.");
