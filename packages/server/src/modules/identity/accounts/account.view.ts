import type { Account, Profile } from "@foyer/protocol";
import { isoTime } from "../../../platform/clock/clock.ts";
import type { AccountRecord } from "./accounts.store.ts";

/** What everybody may see of an account. */
export function profileOf(record: AccountRecord): Profile {
  return {
    accountId: record.id,
    handle: record.handle,
    displayName: record.displayName,
    ...(record.avatar === null ? {} : { avatar: record.avatar }),
  };
}

/** What an account sees of itself, and admins of others. */
export function accountOf(record: AccountRecord): Account {
  return {
    ...profileOf(record),
    role: record.role,
    ...(record.email === null ? {} : { email: record.email }),
    ...(record.email === null || record.emailVerifiedAt == null
      ? {}
      : { emailVerifiedAt: isoTime(record.emailVerifiedAt) }),
    createdAt: isoTime(record.createdAt),
    ...(record.suspendedAt === null ? {} : { suspendedAt: isoTime(record.suspendedAt) }),
  };
}
