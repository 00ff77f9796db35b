import type { TwitchSimulator } from "@foyer/simulators/twitch";
import type { Logger } from "pino";
import { createCredentialsStore } from "../../src/modules/identity/credentials/credentials.store.sql.ts";
import { linkRevokedTopic } from "../../src/modules/identity/credentials/link.news.ts";
import type { RenewalTimes } from "../../src/modules/identity/credentials/renewal.ts";
import { createEntrusted } from "../../src/modules/identity/index.ts";
import { createAudit } from "../../src/platform/audit/audit.sql.ts";
import { createMemoryBus } from "../../src/platform/bus/memory.bus.ts";
import { type Clock, createIds, systemClock } from "../../src/platform/clock/clock.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import type { Vault } from "../../src/platform/vault/vault.ts";
import { twitchTokens } from "./twitch.tokens.ts";

/** What the bus said of a link that ended. */
interface Told {
  accountId: string;
  provider: string;
  reason: string;
}

/** One node with credentials of a simulated Twitch. */
export function credentialHouse(deps: {
  db: Database;
  vault: Vault;
  twitch: Pick<TwitchSimulator, "url" | "app">;
  clock?: Clock;
  log?: Logger;
  times?: Partial<RenewalTimes>;
}) {
  const clock = deps.clock ?? systemClock;
  const ids = createIds(clock);
  const log = deps.log ?? silentLogger();
  const bus = createMemoryBus({ log });
  const audit = createAudit({ db: deps.db, clock, ids });
  const metrics = createMetrics({ process: false });
  const store = createCredentialsStore(deps.db);
  const told: Told[] = [];
  bus.subscribe(linkRevokedTopic, (payload) => told.push(JSON.parse(payload) as Told));
  const entrusted = createEntrusted({
    db: deps.db,
    vault: deps.vault,
    providers: { twitch: twitchTokens(deps.twitch) },
    clock,
    ids,
    log,
    metrics,
    audit,
    bus,
    times: deps.times,
  });
  return { ...entrusted, store, audit, metrics, told, bus };
}

/** Links `accountId` to a person at the simulated Twitch and stores their tokens. */
export async function linkTwitch(
  house: Pick<ReturnType<typeof credentialHouse>, "credentials" | "links">,
  twitch: TwitchSimulator,
  accountId: string,
  scopes: readonly string[] = ["user:read:chat"],
) {
  const user = { id: `twitch-${accountId}`, login: accountId, displayName: accountId };
  const issued = twitch.signIn(user, scopes);
  await house.links.put(
    { accountId, provider: "twitch", subject: user.id, name: user.login, permissionLevel: "viewer", scopes },
    Date.now(),
  );
  await house.credentials.save(accountId, "twitch", issued);
  return issued;
}
