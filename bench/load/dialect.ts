import type { Counting } from "./frame.reader.ts";

/** What a connection needs to know to get into a room. `since` is a place to resume from, in the server's own terms. */
export interface Entry {
  room: string;
  token?: string | undefined;
  since?: Place | undefined;
}

/** A place in a stream: Foyer's epoch and offset, or the peer's private session id and last packet. */
export interface Place {
  stream: string;
  position: string;
}

/** `missed` is how many messages came with a resume. */
export type Step = { send: string } | { joined: { place?: Place; missed: number } } | { refused: string } | undefined;

/** How one server is spoken to: just enough of its protocol for load, and no parsing of what comes in masses. */
export interface Dialect {
  name: string;
  counting: Counting;
  path(entry: Entry): string;
  headers(entry: Entry): string[];
  /** What a text that comes in on the way into a room leads to. */
  enter(entry: Entry, text: string): Step;
  /** What the server's application-level ping wants as an answer. */
  answer(text: string): string | undefined;
  /** One message. `key` is unique and comes back with the acknowledgement, if `acknowledged`. */
  message(room: string, text: string, key: string, acknowledged: boolean): string;
  /** How many acknowledgements a text holds; throws when something was refused. */
  acknowledged(text: string): number;
  /** Text of a later message that tells the place of the connection, where joining did not. */
  placeOf?(text: string): string | undefined;
}
