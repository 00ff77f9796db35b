import { closeCodes, type ErrorCode } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Caller, Credentials } from "../../../platform/caller/caller.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Access } from "../access.ts";
import type { ConnectionCounts } from "./connection.counts.ts";
import type { ConnectionData } from "./connection.gateway.ts";

export interface AdmissionDeps {
  authenticate(credentials: Credentials, addressHash: string): Promise<Caller>;
  access: Pick<Access, "admit">;
  counts: Pick<ConnectionCounts, "ofAccount" | "ofAddress">;
  limits: { connectionsPerAccount: number; connectionsPerAddress: number };
  log: Logger;
  refused(code: ErrorCode): void;
}

export type Admission = { data: ConnectionData } | { refuse: number; reason: string };

const closeCodeOf: Partial<Record<ErrorCode, number>> = {
  "auth.token_expired": closeCodes.sessionExpired,
  "member.banned": closeCodes.banned,
  "account.suspended": closeCodes.banned,
  "connection.too_many": closeCodes.tooManyConnections,
};

/** Decides who may open a connection, and as whom. Never rejects: a refusal is a close code of the protocol. */
export async function admitConnection(
  deps: AdmissionDeps,
  credentials: Credentials,
  addressHash: string,
): Promise<Admission> {
  try {
    const caller = await deps.authenticate(credentials, addressHash);
    await deps.access.admit(caller);
    countConnections(deps, caller);
    return { data: { caller, rooms: new Set(), typedAt: 0 } };
  } catch (error) {
    if (error instanceof AppError) {
      deps.refused(error.code);
      return { refuse: closeCodeOf[error.code] ?? closeCodes.notSignedIn, reason: error.code };
    }
    deps.log.error({ err: error }, "could not admit a connection");
    return { refuse: closeCodes.serverRestarting, reason: "server.error" };
  }
}

function countConnections({ counts, limits }: AdmissionDeps, caller: Caller): void {
  const { connectionsPerAccount, connectionsPerAddress } = limits;
  const ofAccount = caller.kind === "account" ? counts.ofAccount(caller.accountId) : 0;
  if (connectionsPerAccount > 0 && ofAccount >= connectionsPerAccount) {
    throw new AppError("connection.too_many", "There are too many connections of this account.");
  }
  if (connectionsPerAddress > 0 && counts.ofAddress(caller.addressHash) >= connectionsPerAddress) {
    throw new AppError("connection.too_many", "There are too many connections from this address.");
  }
}
