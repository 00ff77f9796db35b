import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Clock, Ids } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import type { Database } from "../platform/db/database.ts";
import { createMailOutboxStore } from "../platform/mail/mail.outbox.store.sql.ts";
import { createMailOutbox } from "../platform/mail/mail.outbox.ts";
import type { Mail } from "../platform/mail/mail.ts";
import { createSmtpCarrier } from "../platform/mail/smtp.carrier.ts";
import type { Vault } from "../platform/vault/vault.ts";

export interface MailDeps {
  db: Database;
  vault: Vault;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
}

/** The outbox, with a mail server behind it where one is configured. */
export function openMail(config: Config, deps: MailDeps): Mail {
  const { SMTP_URL: url, MAIL_FROM: from } = config.services;
  const log = deps.log.child({ component: "mail" });
  const carrier = url === undefined || from === undefined ? undefined : createSmtpCarrier({ url, from }, log);
  return createMailOutbox({ ...deps, log, store: createMailOutboxStore(deps.db), carrier });
}
