import type { Position, Room } from "@foyer/protocol";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { RoomRow } from "../chat.tables.ts";
import type { MessagePresenter } from "../messages/message.presenter.ts";
import type { MessagesStore, RowPage } from "../messages/messages.store.ts";

/** The part of a subscription's answer that is the same for everybody who asks from the same position. */
export interface HistoryAnswer {
  row: RoomRow;
  room: Room;
  epoch: string;
  offset: number;
  recovered: boolean;
  hasMore: boolean;
  /** The messages as JSON text, so that they are encoded once for all who get them. */
  messages: string;
}

export interface RoomHistoryDeps {
  store: MessagesStore;
  presenter: MessagePresenter;
  room(roomId: string): Promise<{ row: RoomRow; room: Room }>;
  clock: Clock;
  /** Changed messages that a resume gives at most; more make it start anew. */
  recoveryMessages: number;
}

/** Messages that come with a subscription that does not resume. */
const firstPage = 50;
/** An answer is not given out for longer than this, in milliseconds: it also holds what no frame tells, as names. */
const maxAgeMs = 1000;

/**
 * Reads what a new subscription needs. When a thousand clients come back at once they nearly all ask the same, so an
 * answer serves everybody who asks for it until the room changes. That leaves no gap: whoever gets an answer held the
 * room's live frames before it was handed out, and any frame that was published since it was begun has thrown it away.
 */
export class RoomHistory {
  private readonly deps: RoomHistoryDeps;
  private readonly answers = new Map<string, Map<string, { at: number; answer: Promise<HistoryAnswer> }>>();

  constructor(deps: RoomHistoryDeps) {
    this.deps = deps;
  }

  /** To be called once the room's live frames are held. Throws `room.not_found`. */
  read(roomId: string, since: Position | undefined): Promise<HistoryAnswer> {
    const now = this.deps.clock.now();
    const key = since === undefined ? "" : `${since.offset} ${since.epoch}`;
    const ofRoom = this.answers.get(roomId) ?? new Map<string, { at: number; answer: Promise<HistoryAnswer> }>();
    this.answers.set(roomId, ofRoom);
    const known = ofRoom.get(key);
    if (known !== undefined && now - known.at < maxAgeMs) return known.answer;
    const answer = this.load(roomId, since);
    const entry = { at: now, answer };
    ofRoom.set(key, entry);
    // A failure is nobody else's: the next one tries again.
    answer.catch(() => ofRoom.get(key) === entry && ofRoom.delete(key));
    return answer;
  }

  /** Something was published in the room: what was read before no longer serves. */
  changed(roomId: string): void {
    this.answers.delete(roomId);
  }

  /** Forgets what is out of date. To be called about once a second. */
  tick(): void {
    this.answers.clear();
  }

  private async load(roomId: string, since: Position | undefined): Promise<HistoryAnswer> {
    const { store, presenter, recoveryMessages } = this.deps;
    const resumed = since && (await store.since(roomId, since.epoch, since.offset, recoveryMessages));
    const head = resumed ?? (await store.head(roomId));
    if (head === undefined) throw new AppError("room.not_found", "There is no such room.");
    const rows = resumed?.rows ?? null;
    const page: Pick<RowPage, "rows" | "hasMore"> =
      rows === null ? await store.page(roomId, { limit: firstPage }) : { rows, hasMore: true };
    const [messages, { row, room }] = await Promise.all([presenter.present(page.rows), this.deps.room(roomId)]);
    return {
      row,
      room,
      epoch: head.epoch,
      offset: head.offset,
      recovered: rows !== null,
      hasMore: page.hasMore,
      messages: JSON.stringify(messages),
    };
  }
}
