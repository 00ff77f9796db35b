import type { Preference, Preferences as PreferencesView, QuietHours } from "@foyer/protocol";
import type { AccountCaller, Caller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { LinkedAccounts } from "../guilds/discord/linked.accounts.port.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import type { GuildsStore } from "../guilds/guilds.store.ts";
import { defaultChoice } from "./preference.policy.ts";
import type { Choice } from "./preference.types.ts";
import type { PreferencesStore } from "./preferences.store.ts";
import { isTimeZone } from "./quiet.hours.policy.ts";
import type { StreamerViews } from "./streamer.views.port.ts";

export interface PreferencesDeps {
  store: PreferencesStore;
  guilds: Pick<GuildsStore, "known" | "mentioningFollowers">;
  access: Pick<GuildAccess, "joined">;
  /** Undefined: Discord is not set up. */
  links: Pick<LinkedAccounts, "discordUser"> | undefined;
  streamers: StreamerViews;
  clock: Clock;
  hereName: () => string;
  /** Who follows has changed. */
  changed: () => void;
}

/** What people chose for themselves. Nobody sees or changes what another chose. */
export interface Preferences {
  get(caller: Caller): Promise<PreferencesView>;
  /** Throws `guild.not_found` for a guild that one is not in, `streamer.not_found`, and what asking Discord throws. */
  set(
    caller: Caller,
    guildId: string,
    broadcasterId: string,
    change: { discord?: boolean | undefined; push?: boolean | undefined },
  ): Promise<Preference>;
  /** Throws `request.invalid` for a time zone that there is not, and for hours without a length. */
  setQuietHours(caller: Caller, hours: QuietHours | null): Promise<PreferencesView>;
}

export function createPreferences(deps: PreferencesDeps): Preferences {
  const { store, guilds, access, links, streamers, clock } = deps;

  /** Discord's id of somebody, as long as the link works. */
  async function userOf({ accountId }: AccountCaller): Promise<string | undefined> {
    const link = await links?.discordUser(accountId);
    return link?.works === true ? link.userId : undefined;
  }

  /** Guilds that one is in. A link that does not work any more leaves this server itself. */
  async function joined(account: AccountCaller): Promise<{ guildIds: string[]; works: boolean }> {
    try {
      return { guildIds: await access.joined(account), works: true };
    } catch (error) {
      if (error instanceof AppError && /^link\./.test(error.code)) return { guildIds: ["here"], works: false };
      throw error;
    }
  }

  async function view(account: AccountCaller): Promise<PreferencesView> {
    const { accountId } = account;
    const userId = await userOf(account);
    const { guildIds, works } = await joined(account);
    const isLinked = userId !== undefined && works;
    if (isLinked && (await store.linkedWith(accountId, userId, clock.now()))) deps.changed();
    return {
      items: await itemsOf(accountId, guildIds, isLinked),
      quietHours: await store.quietHours(accountId),
      discordLinked: isLinked,
    };
  }

  async function itemsOf(accountId: string, guildIds: readonly string[], isLinked: boolean): Promise<Preference[]> {
    const [known, announced, views, mentioning, own] = await Promise.all([
      guilds.known(guildIds),
      store.announcements(guildIds),
      streamers.announcedBy(guildIds),
      guilds.mentioningFollowers(guildIds),
      store.of(accountId),
    ]);
    const names = new Map([...known.map(({ guildId, name }) => [guildId, name] as const), ["here", deps.hereName()]]);
    const chosen = new Map(own.map((each) => [`${each.guildId} ${each.broadcasterId}`, each]));
    const pairs = new Set(announced.map((each) => `${each.guildId} ${each.broadcasterId}`));
    return guildIds.flatMap((guildId) =>
      views
        .filter(({ streamerId }) => pairs.has(`${guildId} ${streamerId}`))
        .map((streamer): Preference => {
          const choice: Choice = chosen.get(`${guildId} ${streamer.streamerId}`) ?? defaultChoice(guildId);
          return {
            guildId,
            guildName: names.get(guildId) ?? "",
            streamer,
            discord: isLinked && mentioning.has(guildId) ? choice.discord : null,
            push: choice.push,
          };
        }),
    );
  }

  return {
    get: async (caller) => view(accountOf(caller)),

    async set(caller, guildId, broadcasterId, change) {
      const account = accountOf(caller);
      const { accountId } = account;
      // The same for a guild that one is not in and for one that nobody knows.
      if (!(await access.joined(account)).includes(guildId)) {
        throw new AppError("guild.not_found", "You are in no such server.");
      }
      const announced = await store.announcements([guildId]);
      if (!announced.some((each) => each.broadcasterId === broadcasterId)) throw noStreamer();
      const key = { accountId, guildId, broadcasterId };
      const userId = guildId === "here" ? undefined : await userOf(account);
      await store.change(key, change, defaultChoice(guildId), userId, clock.now());
      deps.changed();
      const items = await itemsOf(accountId, [guildId], userId !== undefined);
      const shown = items.find(({ streamer }) => streamer.streamerId === broadcasterId);
      if (shown === undefined) throw noStreamer();
      return shown;
    },

    async setQuietHours(caller, hours) {
      const account = accountOf(caller);
      if (hours !== null) checkHours(hours);
      await store.setQuietHours(account.accountId, hours);
      return view(account);
    },
  };
}

const noStreamer = () => new AppError("streamer.not_found", "This server announces no such streamer.");

function checkHours({ from, to, timeZone }: QuietHours): void {
  const wrong = (path: string, message: string) =>
    new AppError("request.invalid", `These quiet hours are not as they must be: ${message}.`, {
      fields: [{ path: `quietHours.${path}`, message }],
    });
  if (!isTimeZone(timeZone)) throw wrong("timeZone", "is no time zone, such as Europe/Berlin");
  if (from === to) throw wrong("to", "must be another time than the beginning");
}

function accountOf(caller: Caller): AccountCaller {
  if (caller.kind === "account") return caller;
  throw new AppError("auth.required", "Sign in first.");
}
