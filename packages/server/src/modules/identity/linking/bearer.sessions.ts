import { createHash } from "node:crypto";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { LinksStore } from "../credentials/links.store.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { SessionsStore } from "../sessions/sessions.store.ts";
import type { OutsideSignIn } from "./outside.sign.in.ts";
import { providerNames } from "./providers.ts";
import type { OutsideBearer } from "./sign.in.provider.port.ts";

export interface BearerSessionsDeps {
  bearers: readonly OutsideBearer[];
  signIn: Pick<OutsideSignIn, "accountOf">;
  links: LinksStore;
  sessions: SessionsStore;
  clock: Clock;
  events: SecurityEvents;
}

/** Tokens that somebody else issued, as credentials here. */
export interface BearerSessions {
  /**
   * The account and session that a token of another issuer stands for; undefined: not of an issuer that is known here.
   * At its first use a session is made that lasts as long as the token, so that it can be seen and ended in the
   * settings; an ended one stays so. Throws `auth.*`, `account.suspended`, and what making an account throws.
   */
  resolve(token: string): Promise<{ accountId: string; sessionId: string } | undefined>;
}

export function createBearerSessions(deps: BearerSessionsDeps): BearerSessions {
  const { bearers, sessions, links, clock } = deps;

  async function verified(bearer: OutsideBearer, token: string) {
    try {
      return await bearer.verify(token);
    } catch (error) {
      if (error instanceof AppError && error.code === "auth.token_invalid") {
        deps.events.signInFailed(undefined, "bearer");
      }
      throw error;
    }
  }

  return {
    async resolve(token) {
      const bearer = bearers.find((each) => each.recognises(token));
      if (bearer === undefined) return undefined;
      const { person, expiresAt } = await verified(bearer, token);
      const sessionId = sessionIdOf(token);
      const [known] = await sessions.byIds([sessionId]);
      if (known !== undefined) {
        const link = await links.bySubject(bearer.provider, person.subject);
        if (link?.accountId === known.accountId) return { accountId: known.accountId, sessionId };
        throw new AppError("auth.token_invalid", "The account of this token is no longer linked here.");
      }
      const name = providerNames[bearer.provider];
      const account = await deps.signIn.accountOf({ provider: bearer.provider, name }, person);
      const now = clock.now();
      await sessions.add({
        id: sessionId,
        accountId: account.id,
        device: name,
        createdAt: now,
        lastUsedAt: now,
        expiresAt,
        revokedAt: null,
      });
      deps.events.signedIn(account.id);
      return { accountId: account.id, sessionId };
    },
  };
}

/** An id in the form of all others (UUIDv7) that is the same for the same token, on every node. */
function sessionIdOf(token: string): string {
  const hex = createHash("sha256").update("foyer: outside bearer\n").update(token).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
