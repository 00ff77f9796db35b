import type { DestinationKind, OffReason } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Audit } from "../../../platform/audit/audit.ts";

/** A destination that Foyer switched off, and whose owner is to be told. */
export interface SwitchedOff {
  destinationId: string;
  guildId: string;
  guildName: string;
  kind: DestinationKind;
  name: string;
  reason: OffReason;
  /** The account that made it. */
  createdBy: string;
}

/** Where it is noted who is still to be told. */
export interface OffNoticesStore {
  due(): Promise<SwitchedOff[]>;
  told(destinationId: string): Promise<void>;
}

/** What is written to an account, in plain words. `path`: the page to open. */
export interface OwnerNotice {
  subject: string;
  lines: readonly string[];
  path: string;
}

export interface OffNoticesDeps {
  store: OffNoticesStore;
  audit: Audit;
  /** Writes to an account, if it can be written to. Not waited for. */
  notify(accountId: string, notice: OwnerNotice): void;
  log: Logger;
}

/** Tells the owners of destinations that were switched off; what a crash keeps from being told is told later. */
export interface OffNotices {
  tell(): Promise<void>;
}

/** Notices over their dependencies. */
export function createOffNotices({ store, audit, notify, log }: OffNoticesDeps): OffNotices {
  let running: Promise<void> | undefined;
  let more = false;

  async function rounds(): Promise<void> {
    do {
      more = false;
      for (const off of await store.due()) {
        const { destinationId, guildId, kind, reason } = off;
        const subject = { kind: "destination", id: destinationId };
        const details = { guildId, kind, reason };
        await audit.record({ actorId: null, action: "destination.switched_off", subject, details });
        log.warn({ reason, type: kind }, "a destination of alerts was switched off");
        notify(off.createdBy, noticeOf(off));
        await store.told(destinationId);
      }
    } while (more);
  }

  return {
    tell() {
      more = true;
      running ??= rounds().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

const because: Record<OffReason, string> = {
  channel_gone: "Discord says that the channel is gone.",
  no_access: "Discord says that the bot may not see the channel.",
  no_permission: "Discord says that the bot may not post in the channel.",
  bot_removed: "The bot was removed from the server.",
  room_gone: "The room is gone or archived.",
  gone: "The receiver says that it does not want any more.",
};

function noticeOf({ name, guildName, guildId, reason }: SwitchedOff): OwnerNotice {
  return {
    subject: "Alerts no longer go to one of your destinations",
    lines: [
      `Foyer switched off the destination ${name} of ${guildName}. ${because[reason]}`,
      "Mend that, and switch it on again here:",
    ],
    path: `/alerts/${guildId}/destinations`,
  };
}
