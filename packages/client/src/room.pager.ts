import type { MessagePage } from "@foyer/protocol";
import { FoyerError } from "./foyer.error.ts";
import type { RoomLink } from "./room.link.ts";
import type { RoomEvent } from "./room.reducer.ts";
import type { RoomState } from "./room.state.ts";

const pageSize = 50;

/** `onChange` is called when `loadingOlder` or `loadingNewer` changes. */
export interface PagerDeps {
  roomId: string;
  link: RoomLink;
  state: () => RoomState;
  dispatch: (event: RoomEvent) => void;
  onChange: () => void;
}

/** Moves a room's window through history. */
export class Pager {
  readonly #deps: PagerDeps;
  #older: Promise<void> | undefined;
  #newer: Promise<void> | undefined;
  /** Rises with each jump, so that of two only the later one counts. */
  #jump = 0;

  constructor(deps: PagerDeps) {
    this.#deps = deps;
  }

  get loadingOlder(): boolean {
    return this.#older !== undefined;
  }

  get loadingNewer(): boolean {
    return this.#newer !== undefined;
  }

  older(): Promise<void> {
    const first = this.#deps.state().messages.at(0);
    if (!this.#deps.state().hasOlder || !first) return Promise.resolve();
    this.#older ??= this.#extend("older", this.#fetch({ before: first.offset })).finally(() => {
      this.#older = undefined;
      this.#deps.onChange();
    });
    this.#deps.onChange();
    return this.#older;
  }

  newer(): Promise<void> {
    const last = this.#deps.state().messages.at(-1);
    if (!this.#deps.state().hasNewer || !last) return Promise.resolve();
    this.#newer ??= this.#extend("newer", this.#fetch({ after: last.offset })).finally(() => {
      this.#newer = undefined;
      this.#deps.onChange();
    });
    this.#deps.onChange();
    return this.#newer;
  }

  async jumpTo(messageId: string): Promise<void> {
    const jump = ++this.#jump;
    if (this.#deps.state().messages.some((message) => message.messageId === messageId)) return;
    await this.#move(jump, this.#fetch({ around: messageId }));
    const found = this.#deps.state().messages.some((message) => message.messageId === messageId);
    if (jump === this.#jump && !found) throw new FoyerError("message.not_found", "There is no such message.");
  }

  async jumpToLatest(): Promise<void> {
    const jump = ++this.#jump;
    if (this.#deps.state().hasNewer) await this.#move(jump, this.#fetch({}));
  }

  async #extend(place: "older" | "newer", fetched: Promise<MessagePage>): Promise<void> {
    const { windowId } = this.#deps.state();
    this.#deps.dispatch({ type: "page", place, windowId, page: await fetched });
  }

  async #move(jump: number, fetched: Promise<MessagePage>): Promise<void> {
    const { epoch } = this.#deps.state();
    const page = await fetched;
    const state = this.#deps.state();
    if (jump !== this.#jump || state.epoch !== epoch) return;
    this.#deps.dispatch({ type: "page", place: "elsewhere", windowId: state.windowId, page });
  }

  /** Over the socket where it can: that is the same account for sure, and costs no limit of HTTP. */
  #fetch(query: { before?: number; after?: number; around?: string }): Promise<MessagePage> {
    const { link, roomId } = this.#deps;
    const overSocket = link.ready() && query.after === undefined && query.around === undefined;
    if (!overSocket) return link.page(roomId, { ...query, limit: pageSize });
    const frame = { action: "history", roomId, limit: pageSize } as const;
    return link.request<"history">(query.before === undefined ? frame : { ...frame, before: query.before });
  }
}
