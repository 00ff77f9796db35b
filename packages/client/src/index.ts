/** The client of a Foyer server, for browsers and Node 22 or later. */
export type { ApiFile } from "./api.file.ts";
export type { Api, ApiCall, ApiInput } from "./api.types.ts";
export { createClient } from "./client.ts";
export type {
  BackoffOptions,
  ClientEvents,
  ClientOptions,
  ConnectionReason,
  ConnectionState,
  FoyerClient,
  SocketLike,
  WebSocketConstructor,
} from "./client.types.ts";
export { type ClientErrorCode, FoyerError, type FoyerErrorCode, type FoyerErrorDetails } from "./foyer.error.ts";
export type { PendingMessage, RoomHandle, RoomSnapshot, SendResult } from "./room.types.ts";
