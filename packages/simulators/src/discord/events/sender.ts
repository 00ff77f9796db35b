import { type KeyObject, sign } from "node:crypto";
import type { DiscordPerson } from "../discord.people.ts";
import { type DiscordGuild, discordTime, userWire } from "../world/guilds.ts";

/** What is sent to an application: headers with its signature, and the body that it is over. */
export interface SignedRequest {
  headers: Record<string, string>;
  body: string;
}

/** What Discord sends to an application by itself: webhook events, and interactions. */
export interface EventSender {
  /** Signs a body as Discord does, for tests that change something in it first. */
  request(body: object): SignedRequest;
  /** Sends a request once. Resolves to the answer; undefined: none within 3 s. */
  send(url: string, request: SignedRequest): Promise<{ status: number; body: string } | undefined>;
  /** A PING of webhook events, or of interactions. */
  ping(url: string, kind?: "event" | "interaction"): Promise<{ status: number; body: string } | undefined>;
  /**
   * What Discord's portal does when an address is entered: a PING, which must be answered (204; an interaction's with
   * its type), and one whose signature is wrong, which must get 401. Only then events go there.
   */
  register(url: string): Promise<boolean>;
  /** Sends an event to the address that was registered, again with growing pauses until it is taken or given up. */
  event(type: string, data: object): Promise<boolean>;
  /** Where events go; undefined: nowhere. */
  address(): string | undefined;
  stop(): void;
}

export interface EventSenderDeps {
  privateKey: KeyObject;
  applicationId: string;
  now: () => number;
  /** Milliseconds before each repetition. */
  retryMs: readonly number[];
}

const ANSWER_MS = 3000;

/** A sender without an address. */
export function createEventSender({ privateKey, applicationId, now, retryMs }: EventSenderDeps): EventSender {
  const stopped = new AbortController();
  let address: string | undefined;

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      stopped.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });

  const pingBody = (kind: "event" | "interaction") =>
    kind === "event"
      ? { version: 1, application_id: applicationId, type: 0 }
      : { id: "1", application_id: applicationId, type: 1, token: "interaction", version: 1 };

  const sender: EventSender = {
    request(content) {
      const timestamp = String(Math.floor(now() / 1000));
      const body = JSON.stringify(content);
      const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString("hex");
      return {
        body,
        headers: {
          "content-type": "application/json",
          "user-agent": "Discord-Webhook/1.0 (+https://discord.com)",
          "x-signature-ed25519": signature,
          "x-signature-timestamp": timestamp,
        },
      };
    },
    async send(url, { headers, body }) {
      const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_MS), stopped.signal]);
      try {
        const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
        return { status: response.status, body: await response.text() };
      } catch {
        return undefined;
      }
    },
    ping: (url, kind = "event") => sender.send(url, sender.request(pingBody(kind))),
    async register(url) {
      const good = await sender.ping(url);
      const wrong = sender.request(pingBody("event"));
      wrong.headers["x-signature-ed25519"] = "0".repeat(128);
      const bad = await sender.send(url, wrong);
      if (good?.status !== 204 || bad?.status !== 401) return false;
      address = url;
      return true;
    },
    async event(type, data) {
      if (address === undefined) return false;
      const event = { type, timestamp: discordTime(now()).replace("+00:00", ""), data };
      const body = { version: 1, application_id: applicationId, type: 1, event };
      for (const wait of [0, ...retryMs]) {
        if (wait > 0) await pause(wait);
        if (stopped.signal.aborted) return false;
        const answer = await sender.send(address, sender.request(body));
        if (answer !== undefined && answer.status >= 200 && answer.status < 300) return true;
      }
      return false;
    },
    address: () => address,
    stop: () => stopped.abort(),
  };
  return sender;
}

const person = ({ id, login, displayName }: DiscordPerson) => userWire({ id, login, displayName, bot: false });

/** `APPLICATION_AUTHORIZED`: somebody signed in, or put the application into a guild (integration type 0). */
export const authorizedEvent = (who: DiscordPerson, scopes: readonly string[], guild?: DiscordGuild): object => ({
  ...(guild === undefined
    ? {}
    : { integration_type: 0, guild: { id: guild.id, name: guild.name, owner_id: guild.ownerId } }),
  user: person(who),
  scopes,
});

/** `APPLICATION_DEAUTHORIZED`: somebody took away what they had allowed. */
export const deauthorizedEvent = (who: DiscordPerson): object => ({ user: person(who) });
