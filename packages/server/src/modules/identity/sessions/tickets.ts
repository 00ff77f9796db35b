import { createHash } from "node:crypto";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { TicketsStore } from "./tickets.store.ts";

/** One-time tickets: they open one socket, where a browser or program cannot send its token. */
export interface Tickets {
  /** A ticket of the caller's session. `expiresAt` is in milliseconds since 1970. */
  issue(caller: AccountCaller): Promise<{ ticket: string; expiresAt: number }>;
  /** Uses a ticket up. Throws `auth.ticket_invalid` for one that is used, over or unknown. */
  redeem(ticket: string): Promise<{ accountId: string; sessionId: string; tokenId: string | undefined }>;
}

const LIFETIME = 30_000;
/** Stands before the id of a token for programs, where a ticket is not of a session. */
const TOKEN = "token:";

export function createTickets({ store, clock, ids }: { store: TicketsStore; clock: Clock; ids: Ids }): Tickets {
  return {
    async issue(caller) {
      const ticket = ids.secret(32);
      const expiresAt = clock.now() + LIFETIME;
      const sessionId = caller.scopes === undefined ? caller.sessionId : `${TOKEN}${caller.sessionId}`;
      await store.add({ hash: hashOf(ticket), accountId: caller.accountId, sessionId, expiresAt });
      return { ticket, expiresAt };
    },
    async redeem(ticket) {
      const taken = ticket.length > 128 ? undefined : await store.take(hashOf(ticket));
      if (taken !== undefined && taken.expiresAt > clock.now()) {
        const { accountId, sessionId } = taken;
        return {
          accountId,
          sessionId,
          tokenId: sessionId.startsWith(TOKEN) ? sessionId.slice(TOKEN.length) : undefined,
        };
      }
      throw new AppError("auth.ticket_invalid", "This ticket is used up, over or unknown. Ask for a new one.");
    },
  };
}

const hashOf = (ticket: string) => createHash("sha256").update(ticket).digest("hex");
