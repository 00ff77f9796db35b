import type { IncomingMessage } from "node:http";
import type { Credentials } from "../../platform/caller/caller.ts";
import { AppError } from "../../platform/errors/app.error.ts";

export interface CredentialReaders {
  /** The token of an `Authorization: Bearer` header. */
  readBearer(header: string | null | undefined): string | undefined;
  /** The session token of a `Cookie` header. */
  readCookie(header: string | null | undefined): string | undefined;
  allowsOrigin(origin: string | null | undefined): boolean;
}

/**
 * What the caller shows at the upgrade; the first that is there counts: bearer token, one-time ticket, session
 * cookie. A cookie from a foreign page throws `request.foreign_origin`: browsers send cookies with sockets whatever
 * the page that opens them, and no other check stands in the way.
 */
export function readCredentials(request: IncomingMessage, readers: CredentialReaders): Credentials {
  const bearer = readers.readBearer(request.headers.authorization);
  if (bearer !== undefined) return { bearer };
  const query = new URLSearchParams((request.url ?? "").split("?")[1] ?? "");
  const ticket = query.get("ticket");
  if (ticket !== null) return { ticket };
  const cookie = readers.readCookie(request.headers.cookie);
  if (cookie === undefined) return {};
  if (!readers.allowsOrigin(request.headers.origin)) {
    throw new AppError("request.foreign_origin", "This page may not connect.");
  }
  return { cookie };
}
