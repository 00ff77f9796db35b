import type { ServerFrameOf } from "@foyer/protocol";
import { closeCodes, mayReconnect } from "@foyer/protocol/constants";
import type { ConnectionReason } from "./client.types.ts";
import { FoyerError, type FoyerErrorCode } from "./foyer.error.ts";

const errorCode = /^[a-z]+\.[a-z_]+$/;

const known: Record<number, { code: FoyerErrorCode; message: string }> = {
  [closeCodes.slowConsumer]: { code: "connection.lost", message: "This side read too slowly." },
  [closeCodes.serverRestarting]: { code: "server.stopping", message: "The server is restarting." },
  [closeCodes.sessionExpired]: { code: "auth.token_expired", message: "The session has ended. Sign in again." },
  [closeCodes.notSignedIn]: { code: "auth.required", message: "The server lets in only people who are signed in." },
  [closeCodes.banned]: { code: "member.banned", message: "You are banned from this server." },
  [closeCodes.notThisProtocol]: { code: "connection.protocol", message: "The server speaks another protocol." },
  [closeCodes.tooManyConnections]: { code: "connection.too_many", message: "There are too many connections." },
};

/**
 * Reads a close code, its text and the goodbye before it. `final`: connecting again would not help. The text may be an
 * error code that says more than the number.
 */
export function reasonOfClose(
  closeCode: number,
  text: string,
  goodbye: ServerFrameOf<"goodbye"> | undefined,
): { reason: ConnectionReason; final: boolean } {
  // A proxy on the way may have cut the socket before the close frame came through.
  const code = goodbye && !(closeCode in known) ? goodbye.code : closeCode;
  const told = errorCode.test(text) ? (text as FoyerErrorCode) : undefined;
  const { code: error, message } = known[code] ?? {
    code: "connection.lost",
    message: text || "The connection was lost.",
  };
  const reason = { code: told ?? error, message, closeCode: code };
  // A ticket lives for seconds: one that was too slow on its way is no answer about who we are. The next may be faster.
  if (told === "auth.ticket_invalid") return { reason, final: false };
  // An expired session may be renewed, but not by trying again: somebody has to sign in.
  const final = goodbye?.reconnect === false || !mayReconnect(code) || code === closeCodes.sessionExpired;
  return { reason, final };
}

/** Reads why no address could be had for the socket: the ticket was refused, or the server did not answer. */
export function reasonOfError(error: unknown): { reason: ConnectionReason; final: boolean; retryAfterMs: number } {
  if (!(error instanceof FoyerError)) {
    const message = error instanceof Error ? error.message : "The connection could not be made.";
    return { reason: { code: "network.failed", message }, final: false, retryAfterMs: 0 };
  }
  const final = error.status === 401 || error.status === 403;
  return {
    reason: { code: error.code, message: error.message },
    final,
    retryAfterMs: (error.retryAfter ?? 0) * 1_000,
  };
}
