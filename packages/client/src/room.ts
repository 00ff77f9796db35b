import type { Message, ReplyData, ServerFrame, ServerFrameOf } from "@foyer/protocol";
import { reportLater } from "./emitter.ts";
import type { FoyerError } from "./foyer.error.ts";
import { Outbox } from "./outbox.ts";
import { ReadMarker } from "./read.marker.ts";
import { Creations } from "./room.creations.ts";
import type { RoomLink } from "./room.link.ts";
import { Pager } from "./room.pager.ts";
import { type RoomEvent, reduceRoom } from "./room.reducer.ts";
import { takeSnapshot } from "./room.snapshot.ts";
import { emptyRoom, type RoomState } from "./room.state.ts";
import type { RoomSnapshot, SendResult } from "./room.types.ts";
import type { Subscriber } from "./subscriptions.ts";

const typingEveryMs = 3_000;
const typingLastsMs = 6_000;

/** One room inside the client: its state, and what it sends. `roomHandle` shows the public part of it. */
export class Room implements Subscriber {
  readonly roomId: string;
  readonly outbox: Outbox;
  readonly pager: Pager;
  readonly creations = new Creations();
  readonly #link: RoomLink;
  readonly #marker: ReadMarker;
  readonly #listeners = new Set<() => void>();
  #state: RoomState = emptyRoom;
  #snapshot: RoomSnapshot | undefined;
  /** The state may differ from what the snapshot shows. */
  #stale = true;
  #told: RoomSnapshot | undefined;
  #telling = false;
  #opened = 0;
  /** Rises when the subscription is let go, so that a late answer to it is known as such. */
  #turn = 0;
  #typedAt = Number.NEGATIVE_INFINITY;
  #quietTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(roomId: string, link: RoomLink) {
    this.roomId = roomId;
    this.#link = link;
    const onChange = () => this.#changed();
    const ready = () => link.ready();
    this.outbox = new Outbox({
      roomId,
      ready,
      onChange,
      now: () => link.now(),
      request: (frame) => link.request(frame),
    });
    this.pager = new Pager({
      roomId,
      link,
      onChange,
      state: () => this.#state,
      dispatch: (event) => this.#dispatch(event),
    });
    this.#marker = new ReadMarker({
      roomId,
      ready,
      request: (frame) => link.request(frame),
      counted: (data) => this.#counted(data),
    });
  }

  open(): () => void {
    this.#opened += 1;
    this.#link.subscriptions.want(this, true);
    if (this.#state.status === "closed") this.#dispatch({ type: "subscribing" });
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      this.#opened -= 1;
      if (this.#opened === 0) this.#link.subscriptions.leave(this.roomId);
    };
  }

  snapshot(): RoomSnapshot {
    if (this.#snapshot && !this.#stale) return this.#snapshot;
    const { outbox, pager } = this;
    this.#stale = false;
    this.#snapshot = takeSnapshot(this.#snapshot, this.#state, { outbox, pager, self: this.#link.self() });
    return this.#snapshot;
  }

  onChange(listener: () => void): () => void {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  send(text: string, clientId: string, replyTo: string | undefined): Promise<SendResult> {
    const over = this.#link.over();
    // Written to means followed: the message comes back over the subscription, like everybody's.
    if (!over) this.#link.subscriptions.want(this, false);
    const sent = this.outbox.send(text, clientId, replyTo);
    if (over) this.outbox.abandon(over);
    return sent;
  }

  typing(): void {
    const now = this.#link.now();
    if (this.#state.status !== "live" || now - this.#typedAt < typingEveryMs) return;
    this.#typedAt = now;
    this.#link.post({ action: "typing", roomId: this.roomId });
  }

  async markRead(offset: number): Promise<void> {
    if (offset <= this.#state.tally.readOffset) return;
    this.#dispatch({ type: "marked", offset });
    const over = this.#link.over();
    if (over) throw over;
    if (this.#state.room?.joined !== false) await this.#marker.mark(offset);
  }

  /** Asks the server for the room, from the place up to which it is known. */
  async subscribe(): Promise<void> {
    const turn = this.#turn;
    const { epoch, offset } = this.#state;
    if (this.#state.status !== "live") this.#dispatch({ type: "subscribing" });
    await this.#link.request<"subscribe">(
      { action: "subscribe", roomId: this.roomId, ...(epoch !== undefined && { since: { epoch, offset } }) },
      { apply: (data) => turn === this.#turn && this.#subscribed(data, epoch !== undefined) },
    );
  }

  release(): void {
    this.#turn += 1;
    this.#dispatch({ type: this.#opened > 0 ? "offline" : "released" });
  }

  refused(error: FoyerError): void {
    this.#dispatch({ type: "refused", error: { code: error.code, message: error.message } });
  }

  /** Applies live messages that came in together. */
  received(frames: readonly ServerFrameOf<"message">[]): void {
    const live = this.#state.status === "live";
    if (live && this.#skips(frames)) {
      this.#askAgain();
      return;
    }
    const messages = frames.map((frame) => frame.message);
    const offset = Math.max(...frames.map((frame) => frame.offset));
    this.#learn(messages);
    this.#dispatch({ type: "messages", messages, offset, self: this.#link.self() });
    if (live) this.creations.arrived(messages);
  }

  /** Applies any other frame of this room. */
  apply(frame: ServerFrame): void {
    if (frame.type === "room") this.#roomChanged(frame);
    else if (frame.type === "read") this.#counted({ ...frame, readOffset: frame.offset });
    else if (frame.type === "presence") this.#dispatch({ type: "present", frame });
    else if (frame.type === "typing") this.#someoneTypes(frame);
    else if (frame.type === "resync") this.#askAgain();
  }

  /** There is a connection: what waited for it goes out. */
  resumed(): void {
    this.outbox.flush();
    void this.#marker.flush();
  }

  dropped(): void {
    this.#turn += 1;
    this.outbox.dropped();
    this.#dispatch({ type: "offline" });
  }

  /** There will be no other connection, for now. `error` is undefined when that was asked for. */
  ended(reason: FoyerError, error: FoyerError | undefined): void {
    this.outbox.abandon(reason);
    this.#marker.abandon(reason);
    this.creations.end(error);
  }

  /** Somebody else is signed in: nothing of the one before may be seen or sent. */
  forget(error: FoyerError): void {
    this.outbox.clear(error);
    this.#marker.abandon(error);
    this.#dispatch({ type: "forgotten" });
  }

  /** Where `messages()` begins: the room's offset, while it is followed. */
  place(): number | undefined {
    return this.#state.status === "live" || this.#state.status === "stale" ? this.#state.offset : undefined;
  }

  /** Offsets have no holes: one that is skipped is a change that was lost on the way. */
  #skips(frames: readonly ServerFrameOf<"message">[]): boolean {
    let next = this.#state.offset + 1;
    for (const frame of frames) {
      if (frame.offset > next) return true;
      if (frame.offset === next) next += 1;
    }
    return false;
  }

  #askAgain(): void {
    this.#dispatch({ type: "offline" });
    this.#link.subscriptions.renew(this.roomId);
  }

  #subscribed(data: ReplyData<"subscribe">, resumed: boolean): void {
    const sameStream = this.#state.epoch === data.epoch;
    this.#learn(data.messages);
    this.#dispatch({ type: "subscribed", data, resumed, self: this.#link.self() });
    this.#remark();
    this.creations.subscribed(data, sameStream);
  }

  #roomChanged(frame: ServerFrameOf<"room">): void {
    const before = this.#state.room;
    this.#dispatch({ type: "changed", frame, self: this.#link.self() });
    if (frame.change === "deleted") {
      this.#link.subscriptions.ended(this.roomId);
      return;
    }
    const about = frame.account === undefined || frame.account.accountId === this.#link.self();
    const mine = about && frame.change !== "settings";
    const after = this.#state.room;
    const rules = before?.archivedAt !== after?.archivedAt || before?.guests !== after?.guests;
    // Rights differ by person and travel in no shared frame: the answer to a subscribe has them.
    if (mine || rules) this.#link.subscriptions.renew(this.roomId);
  }

  #someoneTypes(frame: ServerFrameOf<"typing">): void {
    if (frame.account.accountId === this.#link.self()) return;
    this.#dispatch({ type: "typing", profile: frame.account, until: this.#link.now() + typingLastsMs });
    this.#quietTimer ??= setTimeout(() => this.#quiet(), typingLastsMs);
  }

  #quiet(): void {
    this.#quietTimer = undefined;
    this.#dispatch({ type: "quiet", now: this.#link.now() });
    const next = Math.min(...this.#state.typing.map((entry) => entry.until));
    if (Number.isFinite(next)) this.#quietTimer = setTimeout(() => this.#quiet(), next - this.#link.now());
  }

  #counted(count: { readOffset: number; unread: number; mentions: number; at?: number | undefined }): void {
    const { readOffset, unread, mentions, at } = count;
    this.#dispatch({ type: "counted", readOffset, unread, mentions, at });
    this.#remark();
  }

  /** The server's numbers may be older than a mark that is on its way. */
  #remark(): void {
    if (this.#marker.wanted !== undefined) this.#dispatch({ type: "marked", offset: this.#marker.wanted });
  }

  /** A guest is given an account with the first message: its own message says which. */
  #learn(messages: readonly Message[]): void {
    if (this.#link.self() !== undefined) return;
    const own = messages.find((message) => message.clientId !== undefined && this.outbox.has(message.clientId));
    if (own) this.#link.learned(own.author.accountId);
  }

  #dispatch(event: RoomEvent): void {
    const next = reduceRoom(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#changed();
  }

  #changed(): void {
    this.#stale = true;
    const { status, offset } = this.#state;
    const followed = status === "live" || status === "stale" || status === "loading";
    this.outbox.settle((result) => !followed || offset >= result.offset);
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => this.#tell());
  }

  #tell(): void {
    this.#telling = false;
    const before = this.#told;
    this.#told = this.snapshot();
    if (this.#told === before) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        reportLater(error);
      }
    }
  }
}
