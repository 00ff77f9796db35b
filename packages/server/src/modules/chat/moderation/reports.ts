import type { Profile, Report } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Access } from "../access.ts";
import type { Accounts, Messages } from "../chat.ports.ts";
import type { RoomPresenter } from "../rooms/room.presenter.ts";
import { profileOf } from "../rooms/room.presenter.ts";
import type { RoomsStore } from "../rooms/rooms.store.ts";
import type { ReportRow, ReportsStore } from "./reports.store.ts";

export interface ReportsDeps {
  store: ReportsStore;
  messages: Pick<Messages, "get">;
  rooms: Pick<RoomsStore, "byIds">;
  presenter: Pick<RoomPresenter, "names">;
  access: Pick<Access, "load">;
  accounts: Pick<Accounts, "profiles">;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

/** How much of a message is kept with a report, in UTF-16 units. */
const excerptLength = 1000;

/** Messages that people report to the moderators of the server. */
export class Reports {
  private readonly deps: ReportsDeps;

  constructor(deps: ReportsDeps) {
    this.deps = deps;
  }

  /**
   * Reports a message with its present text. Doing it again changes nothing. Throws as `access.load` does,
   * `message.not_found` and `message.deleted`.
   */
  async report(caller: AccountCaller, roomId: string, messageId: string, reason: string): Promise<void> {
    const { store, messages, access, clock, ids } = this.deps;
    await access.load(caller, roomId);
    const message = await messages.get(roomId, messageId);
    if (message.deletedAt !== undefined) throw new AppError("message.deleted", "The message is deleted.");
    await store.add({
      id: ids.uuid(),
      room_id: roomId,
      message_id: messageId,
      author_id: message.author.accountId,
      excerpt: message.message.slice(0, excerptLength).toWellFormed(),
      reason,
      reporter_id: caller.accountId,
      created_at: clock.now(),
      closed_at: null,
      closed_by: null,
      outcome: null,
    });
  }

  /** A page of reports, newest first. For moderators: the face checks that. */
  async list(query: {
    state: "open" | "closed";
    cursor?: string | undefined;
    limit: number;
  }): Promise<{ items: Report[]; next?: string }> {
    const { store, rooms, presenter, accounts } = this.deps;
    const rows = await store.list({ state: query.state, before: query.cursor, limit: query.limit + 1 });
    const page = rows.slice(0, query.limit);
    const known = await rooms.byIds([...new Set(page.map((row) => row.room_id))]);
    const people = page.flatMap((row) => [row.author_id, row.reporter_id, row.closed_by].filter((id) => id !== null));
    const [names, profiles] = await Promise.all([presenter.names(known), accounts.profiles([...new Set(people)])]);
    const items = page.map((row) => reportOf(row, names.get(row.room_id) ?? "", profiles));
    const last = page.at(-1);
    return rows.length > page.length && last !== undefined ? { items, next: last.id } : { items };
  }

  /** Throws `report.not_found` and `report.already_closed`. For moderators: the face checks that. */
  async close(caller: AccountCaller, reportId: string, outcome: "dismissed" | "acted"): Promise<void> {
    const { store, audit, clock } = this.deps;
    const result = await store.close(reportId, { accountId: caller.accountId, outcome, at: clock.now() });
    if (result === "unknown") throw new AppError("report.not_found", "There is no such report.");
    if (result === "already") throw new AppError("report.already_closed", "Somebody has closed this report.");
    await audit.record({
      actorId: caller.accountId,
      action: "report.closed",
      subject: { kind: "report", id: reportId },
      details: { outcome },
    });
  }
}

/** `roomName` is empty for a room that is gone. */
function reportOf(row: ReportRow, roomName: string, profiles: ReadonlyMap<string, Profile>): Report {
  return {
    reportId: row.id,
    roomId: row.room_id,
    roomName,
    messageId: row.message_id,
    author: profileOf(row.author_id, profiles),
    excerpt: row.excerpt,
    reason: row.reason,
    reporter: profileOf(row.reporter_id, profiles),
    createdAt: isoTime(row.created_at),
    ...(row.closed_at === null ? {} : { closedAt: isoTime(row.closed_at) }),
    ...(row.closed_by === null ? {} : { closedBy: profileOf(row.closed_by, profiles) }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
  };
}
