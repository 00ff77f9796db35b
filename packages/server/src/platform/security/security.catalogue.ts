import type { ErrorCode } from "@foyer/protocol";

export type Severity = "INFO" | "WARNING" | "CRITICAL";

/** One kind of event. `text` is the log message; `audited`: it also gets an entry in the audit trail. */
interface Kind {
  severity: Severity;
  text: string;
  audited: boolean;
}

const kind = (severity: Severity, text: string, audited = false): Kind => ({ severity, text, audited });

/**
 * Every security event there is. The names are labels of a metric and stand in alert rules (infra/prometheus): once
 * published, a name keeps its meaning.
 */
export const securityEvents = {
  "sign_in.success": kind("INFO", "Somebody signed in"),
  "sign_in.failure": kind("WARNING", "A sign-in failed"),
  "account.created": kind("INFO", "An account was made"),
  "password.changed": kind("INFO", "A password was changed"),
  "token.refused": kind("WARNING", "A token was refused that is not ours, not valid or was ended"),
  "access.denied": kind("WARNING", "Somebody asked for what they may not do", true),
  "origin.refused": kind("WARNING", "A page of a foreign origin was refused"),
  "rate.limited": kind("WARNING", "Somebody went over a limit"),
  "signature.refused": kind("WARNING", "A webhook came with a signature that is not good", true),
  "vault.failed": kind("CRITICAL", "The vault could not seal or open a secret", true),
  // Written into the audit trail by the export itself, before the first byte leaves.
  "vault.exported": kind("WARNING", "An owner took all credentials out of the vault"),
  // Recorded by the audit trail itself: an entry of its own would be the same thing twice.
  "privileged.act": kind("INFO", "Somebody did something privileged"),
} as const satisfies Record<string, Kind>;

export type SecurityEventName = keyof typeof securityEvents;

export const securityEventNames = Object.keys(securityEvents) as SecurityEventName[];

/**
 * Errors that are security events wherever they are answered. Not here: what a use case records itself, with more to
 * say (sign-ins, limits), and what is part of normal life (a session that is over, a muted member who writes).
 */
export const refusals: Partial<Record<ErrorCode, SecurityEventName>> = {
  "auth.forbidden": "access.denied",
  "auth.scope_missing": "access.denied",
  "room.forbidden": "access.denied",
  "guild.forbidden": "access.denied",
  "message.forbidden": "access.denied",
  "member.banned": "access.denied",
  "request.foreign_origin": "origin.refused",
  "auth.token_invalid": "token.refused",
  "auth.ticket_invalid": "token.refused",
  "connection.too_many": "rate.limited",
};
