import type { ClientAction, EndpointInput, MessagePage, ReplyData } from "@foyer/protocol";
import type { FoyerError } from "./foyer.error.ts";
import type { Outgoing, RequestOptions } from "./requests.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What a room needs of the client that it belongs to. */
export interface RoomLink {
  readonly subscriptions: Subscriptions;
  /** Sends a frame and waits for its reply; see `Requests.send`. */
  request<A extends ClientAction>(frame: Outgoing<A>, options?: RequestOptions<A>): Promise<ReplyData<A>>;
  /** Sends a frame without a reply, or drops it when there is no connection. */
  post(frame: Outgoing<"typing">): void;
  /** A page of history over HTTP, for what the socket does not offer. */
  page(roomId: string, query: NonNullable<EndpointInput<"listMessages">["query"]>): Promise<MessagePage>;
  ready(): boolean;
  /** The account that the client is, as far as is known. */
  self(): string | undefined;
  /** Nobody knew who we are until a message of our own came back with its author. */
  learned(accountId: string): void;
  /** Why nothing can be sent any more; undefined while there is or may be a connection. */
  over(): FoyerError | undefined;
  now(): number;
}
