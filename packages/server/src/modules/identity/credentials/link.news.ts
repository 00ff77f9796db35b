import type { Logger } from "pino";
import { Counter, type Registry } from "prom-client";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { LinkKey } from "./links.store.ts";

/**
 * Topic of the bus: `{accountId, provider, reason}` as JSON. The person has to sign in at the provider again; reasons
 * are those of `LinkEnd`.
 */
export const linkRevokedTopic = "identity.link_revoked";

/**
 * Why a link does not give tokens any more. `refused`: the provider does not take the refresh token. `interrupted`: the
 * same, after a refresh whose end is not known: its new tokens are lost. `withdrawn`: the provider says that the person
 * took the grant back. `key_lost`: the key of the vault is gone. `not_authentic`: the stored tokens were tampered with.
 */
export type LinkEnd = "refused" | "interrupted" | "withdrawn" | "key_lost" | "not_authentic";

/** Tells everybody who should know what happened to links and credentials. Never a token. */
export interface LinkNews {
  /** Log, metric, audit entry, and the bus so that the account can be told. */
  ended(key: LinkKey, reason: LinkEnd, keyId?: string): Promise<void>;
  /** A refresh came to an end. */
  refreshed(provider: string, outcome: "ok" | "refused" | "unavailable" | "late" | "unstored"): void;
}

/** News over the log, metrics, audit and bus. */
export function createLinkNews(deps: { log: Logger; metrics: Registry; audit: Audit; bus: Bus }): LinkNews {
  const { log, audit, bus } = deps;
  const ends = new Counter({
    name: "foyer_identity_links_ended_total",
    help: "Identity links that need a new sign-in, by provider and reason.",
    labelNames: ["provider", "reason"],
    registers: [deps.metrics],
  });
  const refreshes = new Counter({
    name: "foyer_credential_refreshes_total",
    help: "Refreshes of access tokens, by provider and outcome.",
    labelNames: ["provider", "outcome"],
    registers: [deps.metrics],
  });
  return {
    async ended({ accountId, provider }, reason, keyId) {
      ends.inc({ provider, reason });
      const serious = reason === "key_lost" || reason === "not_authentic";
      log[serious ? "error" : "warn"]({ accountId, provider, reason, keyId }, "an identity link needs a new sign-in");
      await audit.record({
        actorId: null,
        action: "link.revoked",
        subject: { kind: "account", id: accountId },
        details: { provider, reason },
      });
      bus.publish(linkRevokedTopic, JSON.stringify({ accountId, provider, reason }));
    },
    refreshed: (provider, outcome) => refreshes.inc({ provider, outcome }),
  };
}
