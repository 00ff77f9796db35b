import type { Logger } from "pino";
import { Counter, type Registry } from "prom-client";
import type { Clock, Ids } from "../clock/clock.ts";
import { AppError } from "../errors/app.error.ts";
import { type Vault, VaultError } from "../vault/vault.ts";
import type { MailOutboxStore, WaitingLetter } from "./mail.outbox.store.ts";
import type { Letter, Mail, MailCarrier, Outgoing } from "./mail.ts";
import { letterBinding, letterOf, letterText } from "./sealed.letter.ts";

export interface MailOutboxDeps {
  store: MailOutboxStore;
  vault: Pick<Vault, "seal" | "open">;
  /** Undefined where no mail server is set up. */
  carrier: MailCarrier | undefined;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
}

/** Letters of one round: a slow mail server keeps the next round waiting and nothing else. */
const perRound = 10;
/** For so long a letter of a round that broke off is left alone, in milliseconds. */
const leaseMs = 120_000;
const firstPause = 10_000;
const longestPause = 1_800_000;

/** A durable outbox in front of a mail server. */
export function createMailOutbox(deps: MailOutboxDeps): Mail {
  const { store, vault, carrier, clock, ids, log } = deps;
  const letters = new Counter({
    name: "foyer_letters_total",
    help: "E-mails by what became of them. A postponed one is counted each time.",
    labelNames: ["result"],
    registers: [deps.metrics],
  });
  let closing = false;
  let running: Promise<void> | undefined;
  /** A letter came in while a round was under way, which may have missed it. */
  let missed = false;

  async function send({ accountId, usefulUntil, ...letter }: Outgoing): Promise<void> {
    if (carrier === undefined) throw new AppError("email.not_configured", "This server sends no e-mail.");
    checkLines(letter);
    const { text: sealed, keyId } = await vault.seal(letterBinding(accountId), letterText(letter));
    await store.add({ id: ids.uuid(), accountId, sealed, keyId, usefulUntil }, clock.now());
    missed = true;
    // Somebody sits and waits for it: it does not wait for the job.
    deliver().catch((error: unknown) => log.error({ err: error }, "a round of e-mails failed"));
  }

  /** Rounds, one at a time, until no letter came in meanwhile. */
  function deliver(): Promise<void> {
    running ??= rounds().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function rounds(): Promise<void> {
    do {
      missed = false;
      await round();
    } while (missed && !closing);
  }

  async function round(): Promise<void> {
    if (carrier === undefined || closing) return;
    const now = clock.now();
    for (const waiting of await store.claim(now, now + leaseMs, perRound)) {
      // What is left of the round becomes due again by itself.
      if (closing) return;
      await handOver(carrier, waiting);
    }
  }

  async function handOver(to: MailCarrier, waiting: WaitingLetter): Promise<void> {
    const { id, accountId } = waiting;
    if (waiting.usefulUntil <= clock.now()) return drop(id, "late");
    let letter: Letter & { to: string };
    try {
      letter = letterOf(await vault.open(letterBinding(accountId), waiting.sealed));
    } catch (error) {
      log.error({ err: error, accountId }, "an e-mail could not be opened");
      // A key that is away may come back while the letter is still of use; a damaged text does not mend.
      if (error instanceof VaultError && error.failure !== "not_authentic") return postpone(waiting);
      return drop(id, "lost");
    }
    const answer = await to.hand(letter);
    if (answer === "later") await postpone(waiting);
    else if (answer === "refused") await drop(id, "refused");
    else {
      await store.done(id);
      letters.inc({ result: "sent" });
    }
  }

  async function postpone({ id, attempts }: WaitingLetter): Promise<void> {
    letters.inc({ result: "postponed" });
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(20, attempts - 1));
    // Full jitter on the upper half, so that letters that failed together do not come back together.
    await store.postpone(id, clock.now() + Math.round(pause * (0.5 + ids.fraction() / 2)));
  }

  async function drop(id: string, result: "late" | "lost" | "refused"): Promise<void> {
    await store.done(id);
    letters.inc({ result });
    log.warn({ reason: result }, "an e-mail was given up");
  }

  return {
    isConfigured: carrier !== undefined,
    send,
    deliver,
    forget: (accountId) => store.forget(accountId),
    async close() {
      closing = true;
      carrier?.close();
      // A round that breaks off is no failure any more: what it held is due again later.
      await running?.catch(() => undefined);
    },
  };
}

/** Whatever goes into a header stays on its line: nobody adds a header, or a receiver, by what they are called. */
function checkLines({ to, subject }: { to: string; subject: string }): void {
  if (/[\p{Cc}\u2028\u2029]/u.test(to + subject)) throw new Error("A header of an e-mail holds a control character.");
  if (/[\s,;<>"()]/.test(to) || to.split("@").length !== 2) throw new Error("This is not one plain e-mail address.");
}
