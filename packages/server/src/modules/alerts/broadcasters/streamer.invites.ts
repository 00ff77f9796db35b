import { createHash } from "node:crypto";
import type { Streamer, StreamerInvitePreview, StreamerInvite as StreamerInviteView } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller, Caller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import type { TwitchApi } from "../hearing/twitch.port.ts";
import type { BroadcastersStore } from "./broadcasters.store.ts";
import { MOST_STREAMERS, notConfigured, tooMany } from "./broadcasters.ts";
import type { OwnLinks } from "./own.links.port.ts";
import type { OpenedInvite, StreamerInvite, StreamerInvitesStore } from "./streamer.invites.store.ts";
import { streamerView } from "./streamer.view.ts";

/** Invite links by which streamers come by themselves. Who makes them manages the guild (`GuildAccess`). */
export interface StreamerInvites {
  /** Those that work, newest first, without their tokens: those were told once. */
  list(caller: AccountCaller, guildId: string): Promise<StreamerInviteView[]>;
  /** The answer is the only place where the token is told. Throws `streamer.too_many` for too many links. */
  create(
    caller: AccountCaller,
    guildId: string,
    terms: { expiresInHours: number; maxUses: number },
  ): Promise<StreamerInviteView>;
  /** Throws `invite.not_found`. */
  revoke(caller: AccountCaller, guildId: string, inviteId: string): Promise<void>;
  /** What a link leads to. Throws `invite.not_found`, `invite.expired`. */
  preview(caller: Caller, token: string): Promise<StreamerInvitePreview>;
  /**
   * Announces the caller as the person of Twitch that they are linked with. Somebody who is announced already stays so,
   * and nothing is counted. Throws as `preview` does, and `streamer.needs_twitch`, `streamer.too_many`,
   * `alerts.not_configured`, `provider.unavailable`.
   */
  accept(caller: AccountCaller, token: string): Promise<Streamer>;
}

export interface StreamerInvitesDeps {
  store: StreamerInvitesStore;
  broadcasters: Pick<BroadcastersStore, "find">;
  access: Pick<GuildAccess, "manage">;
  links: OwnLinks;
  api: Pick<TwitchApi, "usersByIds"> | undefined;
  changed: () => void;
  /** A guild announces somebody from now on, who may be live already. */
  joined: (guildId: string, broadcasterId: string) => Promise<void>;
  publicUrl: () => string;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

/** 192 bits: nobody finds a token by trying, so that a plain hash of it is enough. */
const TOKEN_BYTES = 24;
/** Most links of one guild that work at the same time. */
const MOST_INVITES = 100;
const HOUR = 3_600_000;

export function createStreamerInvites(deps: StreamerInvitesDeps): StreamerInvites {
  const { store, access, links, api, audit, clock, ids } = deps;

  async function opened(token: string): Promise<OpenedInvite> {
    const found = await store.open(hashOf(token), clock.now());
    if (found === undefined) throw notFound();
    return found;
  }

  async function record(accountId: string, action: string, guildId: string, inviteId: string): Promise<void> {
    await audit.record({ actorId: accountId, action, subject: { kind: "guild", id: guildId }, details: { inviteId } });
  }

  return {
    async list(caller, guildId) {
      await access.manage(caller, guildId);
      return (await store.working(guildId, clock.now())).map(view);
    },

    async create(caller, guildId, { expiresInHours, maxUses }) {
      const { accountId } = await access.manage(caller, guildId);
      const token = ids.secret(TOKEN_BYTES);
      const now = clock.now();
      const invite = {
        inviteId: ids.uuid(),
        guildId,
        uses: 0,
        maxUses,
        expiresAt: now + expiresInHours * HOUR,
        createdBy: accountId,
        createdAt: now,
      };
      if (!(await store.add(invite, hashOf(token), MOST_INVITES))) {
        throw new AppError("streamer.too_many", `At most ${MOST_INVITES} invite links work at the same time.`);
      }
      await record(accountId, "streamer_invite.created", guildId, invite.inviteId);
      return { ...view(invite), token, url: `${deps.publicUrl()}/streamers/invite/${token}` };
    },

    async revoke(caller, guildId, inviteId) {
      const { accountId } = await access.manage(caller, guildId);
      if (!(await store.revoke(guildId, inviteId, clock.now()))) throw notFound();
      await record(accountId, "streamer_invite.revoked", guildId, inviteId);
    },

    async preview(caller, token) {
      const { guildName, guildIconUrl, expiresAt, works } = await opened(token);
      if (!works) throw expired();
      const twitch = caller.kind === "account" ? (await links.linked(caller.accountId)).twitch : null;
      return {
        guildName,
        guildIconUrl,
        expiresAt: isoTime(expiresAt),
        twitchLinked: twitch !== null,
        twitchName: twitch?.name ?? null,
      };
    },

    async accept({ accountId }, token) {
      const { guildId, inviteId } = await opened(token);
      if (api === undefined) throw notConfigured();
      const { twitch } = await links.linked(accountId);
      if (twitch === null) throw new AppError("streamer.needs_twitch", "Link your Twitch account first.");
      const [user] = await api.usersByIds([twitch.twitchId]);
      if (user === undefined)
        throw new AppError("streamer.needs_twitch", "Twitch knows your linked account no longer.");
      const now = clock.now();
      const addition = { user, newId: ids.uuid(), limit: MOST_STREAMERS, now, accountId };
      const accepted = await store.accept(hashOf(token), addition);
      if (accepted.result === "refused") throw expired();
      if (accepted.result === "full") throw tooMany();
      if (accepted.result === "added") {
        await record(accountId, "streamer_invite.accepted", guildId, inviteId);
        deps.changed();
        await deps.joined(guildId, accepted.broadcasterId);
      }
      const streamer = await deps.broadcasters.find([guildId], accepted.broadcasterId);
      if (streamer === undefined) throw notFound();
      return streamerView(streamer, true);
    },
  };
}

const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

function view({ inviteId, guildId, uses, maxUses, expiresAt, createdAt }: StreamerInvite): StreamerInviteView {
  return { inviteId, guildId, uses, maxUses, expiresAt: isoTime(expiresAt), createdAt: isoTime(createdAt) };
}

const notFound = () => new AppError("invite.not_found", "There is no such invite.");

const expired = () => new AppError("invite.expired", "This invite has expired or was used up.");
