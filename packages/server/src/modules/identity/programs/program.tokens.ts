import { type ProgramToken, type TokenScope, tokenScopes } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Audit } from "../../../platform/audit/audit.ts";
import { type Bus, gapTopic } from "../../../platform/bus/bus.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { sha256 } from "../factors/once.ts";
import { topics } from "../identity.events.ts";
import { createLoadingCache } from "../secrets/loading.cache.ts";
import { isProgramToken, writeProgramToken } from "./program.token.text.ts";
import type { ProgramTokenRecord, ProgramTokensStore } from "./program.tokens.store.ts";

export type KnownToken = Pick<ProgramTokenRecord, "id" | "accountId" | "scopes" | "expiresAt">;

export interface ProgramTokensDeps {
  store: ProgramTokensStore;
  clock: Clock;
  ids: Ids;
  bus: Bus;
  audit: Audit;
  log: Logger;
}

/** Tokens that people make for their programs. */
export interface ProgramTokens {
  list(accountId: string): Promise<ProgramToken[]>;
  /** `secret` is told here and never again. Throws `token.too_many`. */
  create(
    caller: AccountCaller,
    input: { name: string; scopes: readonly TokenScope[]; expiresInDays?: number | undefined },
  ): Promise<{ token: ProgramToken; secret: string }>;
  /** It ends at once on every node, and its sockets with it. Throws `token.not_found`. */
  revoke(caller: AccountCaller, tokenId: string): Promise<void>;
  /** Whose token a text is. Throws `auth.token_invalid`, `auth.token_expired`. */
  verify(secret: string): Promise<KnownToken>;
  /** The same of one that was verified before. */
  byId(tokenId: string): Promise<KnownToken>;
  /** Waits for what is being written, and ends the subscription. */
  close(): Promise<void>;
}

const most = 50;
/** How often the use of a token is written down, in milliseconds. */
const noteEvery = 300_000;
/** A revocation that the bus lost counts after this long. */
const maxAge = 30_000;
const day = 86_400_000;

export function createProgramTokens({ store, clock, ids, bus, audit, log }: ProgramTokensDeps): ProgramTokens {
  const cache = createLoadingCache<ProgramTokenRecord>({
    async load(hashes) {
      const found = await Promise.all(hashes.map((hash) => store.byHash(hash)));
      return new Map(found.flatMap((token) => (token === undefined ? [] : [[token.hash, token] as const])));
    },
    clock,
    size: 5000,
    maxAge,
  });
  const ends = [
    bus.subscribe(topics.tokenRevoked, (payload) => {
      cache.forget((JSON.parse(payload) as { hash: string }).hash);
    }),
    bus.subscribe(gapTopic, () => cache.clear()),
  ];
  const noted = new Map<string, number>();
  const writes = new Set<Promise<void>>();

  function note({ id, lastUsedAt }: ProgramTokenRecord): void {
    const now = clock.now();
    const last = Math.max(noted.get(id) ?? 0, lastUsedAt ?? 0);
    if (now - last < noteEvery) return;
    if (noted.size >= 10_000) noted.clear();
    noted.set(id, now);
    const write = store
      .touch(id, now)
      .catch((error: unknown) => log.warn({ err: error }, "The use of a token could not be written down"))
      .finally(() => writes.delete(write));
    writes.add(write);
  }

  function good(token: ProgramTokenRecord | undefined): KnownToken {
    if (token === undefined) throw new AppError("auth.token_invalid", "This token is not valid here.");
    if (token.expiresAt !== null && token.expiresAt <= clock.now()) {
      throw new AppError("auth.token_expired", "This token is over. Make a new one.");
    }
    note(token);
    return token;
  }

  const told = (caller: AccountCaller, action: string, token: ProgramTokenRecord) =>
    audit.record({
      actorId: caller.accountId,
      action,
      subject: { kind: "account", id: caller.accountId },
      details: { tokenId: token.id, scopes: token.scopes.join(" ") },
    });

  return {
    list: async (accountId) => (await store.list(accountId)).map(tokenView),

    async create(caller, { name, scopes, expiresInDays }) {
      const secret = writeProgramToken(Buffer.from(ids.secret(32), "base64url"));
      const now = clock.now();
      const token: ProgramTokenRecord = {
        id: ids.uuid(),
        accountId: caller.accountId,
        name,
        hash: sha256(secret),
        hint: `…${secret.slice(-4)}`,
        scopes: tokenScopes.filter((scope) => scopes.includes(scope)),
        createdAt: now,
        expiresAt: expiresInDays === undefined ? null : now + expiresInDays * day,
        lastUsedAt: null,
      };
      if (!(await store.add(token, most))) {
        throw new AppError("token.too_many", `An account has at most ${most} tokens. Revoke one that is not used.`);
      }
      await told(caller, "token.created", token);
      return { token: tokenView(token), secret };
    },

    async revoke(caller, tokenId) {
      const removed = await store.remove(caller.accountId, tokenId);
      if (removed === undefined) throw new AppError("token.not_found", "There is no such token.");
      const { id, hash, accountId } = removed;
      cache.forget(hash);
      bus.publish(topics.tokenRevoked, JSON.stringify({ hash }));
      // Its sockets end as those of a session do.
      bus.publish(topics.sessionRevoked, JSON.stringify({ sessionId: id, accountId }));
      await told(caller, "token.revoked", removed);
    },

    async verify(secret) {
      if (!isProgramToken(secret)) throw new AppError("auth.token_invalid", "This token is not valid here.");
      const hash = sha256(secret);
      return good((await cache.get([hash])).get(hash));
    },

    byId: async (tokenId) => good(await store.byId(tokenId)),

    async close() {
      for (const end of ends) end();
      await Promise.all(writes);
    },
  };
}

function tokenView(token: ProgramTokenRecord): ProgramToken {
  return {
    tokenId: token.id,
    name: token.name,
    scopes: token.scopes,
    hint: token.hint,
    createdAt: isoTime(token.createdAt),
    ...(token.expiresAt === null ? {} : { expiresAt: isoTime(token.expiresAt) }),
    ...(token.lastUsedAt === null ? {} : { lastUsedAt: isoTime(token.lastUsedAt) }),
  };
}
