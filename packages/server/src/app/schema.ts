import { alertsSchema } from "../modules/alerts/index.ts";
import { chatSchema, personalDataSchema, searchSchema } from "../modules/chat/index.ts";
import { identityLinksSchema, identitySchema, linkingSchema, secondFactorSchema } from "../modules/identity/index.ts";
import { auditSchema } from "../platform/audit/audit.schema.ts";
import { mailboxSchema } from "../platform/bus/mailbox.schema.ts";
import type { SchemaStep } from "../platform/db/database.ts";
import { mailKeySchema, mailSchema } from "../platform/mail/mail.schema.ts";

/** The one order of all schema steps. A step that was released never changes; new ones are added at the end. */
export const schemaSteps: readonly SchemaStep[] = [
  auditSchema,
  identitySchema,
  chatSchema,
  searchSchema,
  mailboxSchema,
  identityLinksSchema,
  secondFactorSchema,
  linkingSchema,
  mailSchema,
  personalDataSchema,
  mailKeySchema,
  alertsSchema,
];
