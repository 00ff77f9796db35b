import type { AuditEntry } from "@foyer/protocol";
import { durationText } from "../moderation/duration.presets.ts";

type Entry = Pick<AuditEntry, "action" | "actor" | "subject" | "details">;

/** Names of rooms by their id, as far as they are known. */
export type RoomNames = ReadonlyMap<string, string>;

/** An entry with what its sentence is made of, worked out. `place`: " in general", or nothing. */
interface Told {
  subject: string;
  details: AuditEntry["details"];
  own: boolean;
  place: string;
  room: string;
}

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

const long = (details: AuditEntry["details"]): string =>
  typeof details.seconds === "number" ? ` for ${durationText(details.seconds)}` : "";

const withAddresses = (details: AuditEntry["details"]): string =>
  typeof details.addresses === "number" && details.addresses > 0 ? ", with their addresses" : "";

const withProvider = (details: AuditEntry["details"]): string => {
  const provider = text(details.provider);
  return provider === "" ? "" : ` at ${provider[0]?.toUpperCase()}${provider.slice(1)}`;
};

const ofLinks = (details: AuditEntry["details"]): string =>
  typeof details.links === "number" ? ` (${details.links === 1 ? "1 link" : `${details.links} links`})` : "";

/** What follows the name of the one who acted. Keys are the actions that the server records. */
const sentences: Record<string, (told: Told) => string> = {
  "account.created": ({ subject, own, details }) =>
    `${own ? "signed up" : `created the account of ${subject}`}${details.role === "owner" ? " as the owner" : ""}`,
  "account.role_changed": ({ subject, details }) =>
    `changed the role of ${subject} from ${text(details.from)} to ${text(details.to)}`,
  "account.suspended": ({ subject }) => `suspended ${subject}`,
  "account.unsuspended": ({ subject }) => `let ${subject} back in`,
  "account.banned": ({ subject, details }) =>
    `banned ${subject} from the server${long(details)}${withAddresses(details)}`,
  "account.unbanned": ({ subject }) => `lifted the ban of ${subject} from the server`,
  "account.password_changed": ({ subject, own }) =>
    own ? "changed their password" : `changed the password of ${subject}`,
  "account.password_reset": ({ subject }) => `reset the password of ${subject}`,
  "room.created": ({ subject, details }) => `created the ${text(details.kind)} room ${subject}`,
  "room.updated": ({ subject, details }) => `changed ${changedFields(text(details.changed))} of ${subject}`,
  "room.deleted": ({ subject }) => `deleted the room ${subject}`,
  "member.muted": ({ subject, place }) => `muted ${subject}${place}`,
  "member.timed_out": ({ subject, details, place }) => `timed out ${subject}${long(details)}${place}`,
  "member.unmuted": ({ subject, place }) => `let ${subject} write again${place}`,
  "member.banned": ({ subject, details, room }) =>
    `banned ${subject} from ${room}${long(details)}${withAddresses(details)}`,
  "member.unbanned": ({ subject, room }) => `lifted the ban of ${subject} from ${room}`,
  "member.removed": ({ subject, room }) => `removed ${subject} from ${room}`,
  "message.deleted": ({ place }) => `deleted a message${place}`,
  "invite.created": ({ room }) => `made an invite link to ${room}`,
  "invite.revoked": ({ room }) => `withdrew an invite link to ${room}`,
  "filter.created": ({ details }) => `added a word filter${details.kind === "pattern" ? " with a pattern" : ""}`,
  "filter.deleted": ({ details }) => `removed a word filter${details.kind === "pattern" ? " with a pattern" : ""}`,
  "report.closed": ({ details }) =>
    details.outcome === "dismissed" ? "dismissed a report" : "closed a report as handled",
  "account.exported": () => "took out everything about their account",
  "account.deleted": () => "deleted an account",
  "email.changed": () => "changed their e-mail address",
  "email.verified": () => "showed that their e-mail address is theirs",
  "link.added": ({ details }) =>
    details.by === "import"
      ? `read in the link of an account${withProvider(details)}`
      : `linked an account${withProvider(details)}`,
  "link.renewed": ({ details }) => `connected an account again${withProvider(details)}`,
  "link.removed": ({ details }) => `removed the link of an account${withProvider(details)}`,
  "link.revoked": ({ details }) => `lost the link of an account${withProvider(details)}`,
  "link.permission_level": ({ details }) => `changed what may be done${withProvider(details)}`,
  "totp.enabled": () => "set up an authenticator app",
  "totp.disabled": () => "removed their authenticator app",
  "recovery_code.used": () => "signed in with a recovery code",
  "passkey.added": () => "added a passkey",
  "passkey.removed": () => "removed a passkey",
  "token.created": () => "created a token for a program",
  "token.revoked": () => "revoked a token for a program",
  "access.denied": ({ details }) =>
    `tried what they may not do: ${text(details.action) || text(details.route) || "something"} (${text(details.reason)})`,
  "signature.refused": ({ details }) => `refused a webhook with a bad signature from ${text(details.provider)}`,
  "vault.exported": ({ details }) => `took all credentials of the vault along${ofLinks(details)}`,
  "vault.imported": ({ details }) =>
    `read credentials into the vault: ${text(details.added)} added, ${text(details.updated)} updated`,
  "vault.failed": ({ details }) =>
    `could not ${text(details.operation)} a secret in the vault (${text(details.reason)})`,
};

/** Actions that the filter offers, in the order of the catalogue. */
export const knownActions: readonly string[] = Object.keys(sentences);

const fieldNames: Record<string, string> = {
  name: "the name",
  topic: "the topic",
  slowModeSeconds: "the slow mode",
  guests: "what guests may do",
  archived: "the archiving",
};

/** `changed`: names of fields, parted by blanks. */
function changedFields(changed: string): string {
  const names = changed.split(" ").flatMap((field) => fieldNames[field] ?? []);
  return names.length === 0 ? "the settings" : new Intl.ListFormat("en").format(names);
}

/** What an entry says after the name of the one who acted. Unknown actions are quoted in their own words. */
export function auditSentence(entry: Entry, rooms: RoomNames = new Map()): string {
  const subject = entry.subject.name ?? rooms.get(entry.subject.id) ?? shortSubject(entry.subject);
  const room = rooms.get(text(entry.details.roomId));
  const known = sentences[entry.action];
  if (known) {
    return known({
      subject,
      details: entry.details,
      own: entry.actor !== null && entry.actor.accountId === entry.subject.id,
      place: room === undefined ? "" : ` in ${room}`,
      room: room ?? "a room",
    });
  }
  const words = entry.action.replaceAll(".", " ").replaceAll("_", " ");
  return `did “${words}”${subject ? ` on ${subject}` : ""}`;
}

/** Name of an action for the filter: `member.timed_out` reads "Member timed out". */
export function actionName(action: string): string {
  const words = action.replaceAll(".", " ").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shortSubject(subject: AuditEntry["subject"]): string {
  if (!subject.id) return "";
  return subject.id.length > 16 ? `${subject.kind} ${subject.id.slice(0, 8)}…` : subject.id;
}
