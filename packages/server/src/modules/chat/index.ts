import type { GuestAccess } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { z } from "zod";
import type { Audit } from "../../platform/audit/audit.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Caller } from "../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../platform/clock/clock.ts";
import type { Database } from "../../platform/db/database.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { HttpFace } from "../../transports/http/http.face.ts";
import { systemProfile } from "../identity/index.ts";
import { createAccess } from "./access.cache.ts";
import { readableOf } from "./access.many.ts";
import { type Announcements, createAnnouncements } from "./announcements.ts";
import type { Accounts, ChatSettings } from "./chat.ports.ts";
import { mountInvites } from "./invites/invites.http.ts";
import { createSqlInvitesStore } from "./invites/invites.store.sql.ts";
import { Invites } from "./invites/invites.ts";
import { mountMessages } from "./messages/messages.http.ts";
import { SqlMessagesStore } from "./messages/messages.store.sql.ts";
import { createSqlFiltersStore } from "./moderation/filters.store.sql.ts";
import { Filters } from "./moderation/filters.ts";
import { mountModeration } from "./moderation/moderation.http.ts";
import { createSqlReportsStore } from "./moderation/reports.store.sql.ts";
import { Reports } from "./moderation/reports.ts";
import { createSqlSanctionsStore } from "./moderation/sanctions.store.sql.ts";
import { Sanctions } from "./moderation/sanctions.ts";
import { createSqlPersonalDataStore } from "./personal/personal.data.store.sql.ts";
import { type ChatPersonalData, createPersonalData } from "./personal/personal.data.ts";
import { createSqlMembersStore } from "./rooms/members.store.sql.ts";
import { Membership } from "./rooms/membership.ts";
import { createRoomNews } from "./rooms/room.news.ts";
import { createRoomPresenter } from "./rooms/room.presenter.ts";
import { mountRooms } from "./rooms/rooms.http.ts";
import { createSqlRoomsStore } from "./rooms/rooms.store.sql.ts";
import { generalId, Rooms } from "./rooms/rooms.ts";
import { mountSearch } from "./search/search.http.ts";
import { createSqlSearchStore } from "./search/search.store.sql.ts";
import { openNodeSocket, type SocketDeps, type SocketFace } from "./socket/node.socket.ts";
import { type ChatStream, createStream } from "./stream.ts";

export { chatSchema } from "./chat.schema.ts";
export { personalDataSchema } from "./personal/personal.schema.ts";
export { renewEpochs } from "./rooms/epochs.ts";
export { searchSchema } from "./search/search.schema.ts";
export type { ConnectionData } from "./socket/connection.gateway.ts";
export type { SocketDeps, SocketFace } from "./socket/node.socket.ts";
export { roomOfTopic } from "./socket/room.broadcast.ts";

export interface ChatDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
  limiter: RateLimiter;
  audit: Audit;
  bus: Bus;
  /** Names this node among several; undefined where it is alone. */
  nodeId?: string | undefined;
  accounts: Accounts;
  config: ChatSettings & { limits: { messageCharacters: number; messagesPer5Seconds: number } };
}

/** Rooms, messages, moderation and search. */
export interface Chat {
  /** Makes `general` if it is missing and reads what is kept in memory. To be called before anybody connects. */
  start(): Promise<void>;
  /** Mounts the operations tagged rooms, invites, messages and moderation. */
  routes(http: HttpFace): void;
  /** The chat protocol for the connections of this node. */
  connect(deps: SocketDeps): SocketFace;
  /** To be called about once a second: tells who came and went, and takes new messages into the search. */
  tick(): void;
  /** True when an invite link with this token works now: registration by invite. */
  inviteValid(token: string): Promise<boolean>;
  /** The most that guests may do in any room. */
  guestAccess(): Promise<GuestAccess>;
  /** What the server itself says in rooms. */
  readonly announcements: Announcements;
  /** Those of the rooms that the caller may read. */
  readable(caller: Caller, roomIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** What is kept about people, for giving it to them and for erasing it. */
  readonly personalData: ChatPersonalData;
  /** Joins a new account to `general`. Idempotent. Done by the bus as well; called directly it is done on return. */
  welcome(accountId: string): Promise<void>;
  /** Resolves when every message that was handed in is committed. */
  flushed(): Promise<void>;
  /** Ends the bus subscriptions and waits for messages that are under way. */
  close(): Promise<void>;
}

/** Chat over its dependencies. Subscribes to the bus; `close` ends that. */
export function createChat(deps: ChatDeps): Chat {
  const { db, clock, ids, log, audit, bus, accounts, config } = deps;
  const stores = {
    rooms: createSqlRoomsStore(db),
    members: createSqlMembersStore(db),
    invites: createSqlInvitesStore(db),
    sanctions: createSqlSanctionsStore(db),
    reports: createSqlReportsStore(db),
    filters: createSqlFiltersStore(db),
    search: createSqlSearchStore(db),
  };
  const access = createAccess({ rooms: stores.rooms, sanctions: stores.sanctions, accounts, bus, clock });
  const filters = new Filters({ store: stores.filters, bus, audit, clock, ids, log });

  // The stream asks the rooms only when something happens, and by then they are there.
  const stream: ChatStream = createStream({
    ...deps,
    store: new SqlMessagesStore(db),
    access,
    join: (caller, roomId) => membership.join(caller, roomId),
    filter: (text) => filters.check(text),
    limits: config.limits,
  });
  const { messages, presence, broadcast } = stream;

  const presenter = createRoomPresenter({
    rooms: stores.rooms,
    members: stores.members,
    accounts,
    unread: (accountId, roomIds) => messages.unread(accountId, roomIds),
  });
  const news = createRoomNews({ access, broadcast, presenter, accounts });
  const common = { access, accounts, audit, clock, ids, news, presenter, broadcast, messages };
  const { members, sanctions } = stores;
  const membership = new Membership({ ...common, members, rooms: stores.rooms });
  const rooms = new Rooms({ ...common, store: stores.rooms, members, sanctions });
  const invites = new Invites({ ...common, store: stores.invites, rooms: stores.rooms, sanctions });
  const moderation = {
    sanctions: new Sanctions({ ...common, store: sanctions, members, membership }),
    reports: new Reports({ ...common, store: stores.reports, rooms: stores.rooms }),
    filters,
  };

  const personalData = createPersonalData({
    store: createSqlPersonalDataStore(db),
    commit: stream.commit,
    clock,
    ids,
    async depart(accountId, { roomId, kind }) {
      // Who was in a direct room stays its own key: the others keep what they have.
      if (kind === "direct") return;
      const [room] = await stores.rooms.byIds([roomId]);
      if (room === undefined) return;
      if ((await members.remove(roomId, accountId)) !== "last") {
        if (kind === "private") access.changed({ roomId });
        await news.left(room, accountId);
      } else if (await stores.rooms.remove(roomId)) news.deleted(roomId, [accountId]);
    },
  });

  const welcome = (accountId: string) => membership.welcome(accountId, generalId);
  const endSubscription = bus.subscribe("identity.account_created", (payload) => {
    const created = accountCreated.safeParse(parseJson(payload));
    if (!created.success) return;
    welcome(created.data.accountId).catch((error: unknown) =>
      log.error({ err: error }, "could not welcome an account"),
    );
  });

  return {
    async start() {
      stream.start();
      await rooms.ensureGeneral(config.guests);
      await filters.load();
    },
    routes(http) {
      mountRooms(http, { rooms, membership, memberList: { ...common, members, sanctions, presence }, messages });
      mountMessages(http, common);
      mountInvites(http, { invites, rooms });
      mountModeration(http, moderation);
      mountSearch(http, { ...common, store: stores.search, rooms: stores.rooms });
    },
    connect: (node) =>
      openNodeSocket({ ...deps, stream, access, room: (id) => rooms.shared(id), view: presenter.view }, node),
    tick() {
      stream.tick();
      stores.search.maintain().catch((error: unknown) => log.error({ err: error }, "messages could not be indexed"));
    },
    personalData,
    announcements: createAnnouncements({
      rooms: stores.rooms,
      commit: stream.commit,
      authorId: systemProfile.accountId,
      clock,
      ids,
      messageCharacters: config.limits.messageCharacters,
    }),
    inviteValid: (token) => invites.valid(token),
    guestAccess: () => stores.rooms.guestAccess(),
    readable: (caller, roomIds) => readableOf(access, caller, roomIds),
    welcome,
    flushed: () => stream.flushed(),
    async close() {
      endSubscription();
      filters.close();
      access.close();
      await stream.flushed();
      stream.close();
      // Waits for a piece that is under way, so that the database is not closed under it.
      await stores.search.maintain();
    },
  };
}

const accountCreated = z.object({ accountId: z.string() });

function parseJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
