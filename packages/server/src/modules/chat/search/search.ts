import type { Message } from "@foyer/protocol";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { roleOf } from "../access.cache.ts";
import type { Access } from "../access.ts";
import { addressBansApply, isGuest } from "../chat.policy.ts";
import type { Accounts, Messages } from "../chat.ports.ts";
import type { RoomPresenter } from "../rooms/room.presenter.ts";
import type { RoomsStore } from "../rooms/rooms.store.ts";
import { makeSnippet, parseSearch } from "./search.query.ts";
import type { SearchStore } from "./search.store.ts";

export interface SearchDeps {
  store: SearchStore;
  messages: Pick<Messages, "present">;
  rooms: Pick<RoomsStore, "byIds">;
  presenter: Pick<RoomPresenter, "names">;
  access: Pick<Access, "admit">;
  accounts: Pick<Accounts, "findByHandles" | "role">;
  clock: Clock;
}

export interface SearchQuery {
  q: string;
  roomId?: string | undefined;
  /** Handle of the author. */
  from?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface SearchHit {
  message: Message;
  roomName: string;
  /** Plain text; what was found stands between U+E000 and U+E001. */
  snippet: string;
}

/** Messages with all the words, in rooms that the caller may read, newest first. Throws `member.banned`. */
export async function searchMessages(
  deps: SearchDeps,
  caller: AccountCaller,
  query: SearchQuery,
): Promise<{ items: SearchHit[]; next?: string }> {
  await deps.access.admit(caller);
  const terms = parseSearch(query.q);
  const role = await roleOf(caller, deps.accounts);
  const author = query.from === undefined ? undefined : (await deps.accounts.findByHandles([query.from]))[0];
  if (terms.terms.length === 0 || (query.from !== undefined && author === undefined)) return { items: [] };
  const { rows, next } = await deps.store.search({
    accountId: caller.accountId,
    addressHash: caller.addressHash,
    guest: isGuest(role),
    staff: !addressBansApply(role),
    terms,
    roomId: query.roomId,
    authorId: author?.accountId,
    cursor: query.cursor,
    limit: query.limit,
    now: deps.clock.now(),
  });
  const direct = [...new Set(rows.filter((row) => row.room_kind === "direct").map((row) => row.room_id))];
  const [messages, names] = await Promise.all([
    deps.messages.present(rows),
    direct.length === 0 ? new Map<string, string>() : deps.rooms.byIds(direct).then(deps.presenter.names),
  ]);
  const present = new Map(messages.map((message) => [message.messageId, message]));
  const items = rows.flatMap((row) => {
    const message = present.get(row.id);
    if (message === undefined) return [];
    return [{ message, roomName: names.get(row.room_id) ?? row.room_name, snippet: makeSnippet(row.body, terms) }];
  });
  return next === undefined ? { items } : { items, next };
}
