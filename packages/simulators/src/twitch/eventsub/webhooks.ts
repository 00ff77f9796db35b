import { randomBytes } from "node:crypto";
import { nanoTime, newMessageId, signatureOf } from "./signature.ts";

/** Where webhooks go, and what signs them. */
export interface WebhookTarget {
  callback: string;
  secret: string;
}

/** A message that goes out. A repetition has the id and the time of the first. */
export interface WebhookMessage {
  messageId: string;
  timestamp: string;
  kind: "notification" | "webhook_callback_verification" | "revocation";
  /** Of the subscription. */
  type: string;
  version: string;
  body: string;
}

/** How webhooks are sent. */
export interface WebhookRules {
  /** How long an answer may take, in milliseconds. */
  answerMs: number;
  /** Milliseconds before each repetition of a notification that was not taken. */
  retryMs: readonly number[];
}

/** Sends webhooks with Twitch's headers and signatures. */
export interface Webhooks {
  rules: WebhookRules;
  /** Makes a message. `payload` is what is in its body. */
  message(kind: WebhookMessage["kind"], about: { type: string; version: string }, payload: object): WebhookMessage;
  /** What is sent for a message, for tests that change something in it first. */
  request(
    target: WebhookTarget,
    message: WebhookMessage,
    retry?: number,
  ): { headers: Record<string, string>; body: string };
  /** Sends it once. Resolves to the HTTP status; 0: no answer in time. */
  send(target: WebhookTarget, message: WebhookMessage, retry?: number): Promise<number>;
  /** Sends it until it is taken or given up. `tried` hears of each try. Resolves to whether it was taken. */
  deliver(target: WebhookTarget, message: WebhookMessage, tried: (status: number) => void): Promise<boolean>;
  /** Asks a callback to prove that it wants this: true when it gave the challenge back as it has to. */
  verify(target: WebhookTarget, about: { type: string; version: string }, subscription: object): Promise<boolean>;
  /** Gives up everything that waits. */
  stop(): void;
}

const isTaken = (status: number) => status >= 200 && status < 300;

/** A sender. `now` in milliseconds. */
export function createWebhooks(rules: WebhookRules, now: () => number): Webhooks {
  const stopped = new AbortController();

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      stopped.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  function post(target: WebhookTarget, request: { headers: Record<string, string>; body: string }, ms: number) {
    const signal = AbortSignal.any([AbortSignal.timeout(ms), stopped.signal]);
    return fetch(target.callback, { method: "POST", redirect: "manual", signal, ...request });
  }

  const webhooks: Webhooks = {
    rules,
    message: (kind, { type, version }, payload) => ({
      messageId: newMessageId(),
      timestamp: nanoTime(now()),
      kind,
      type,
      version,
      body: JSON.stringify(payload),
    }),
    request(target, message, retry = 0) {
      return {
        body: message.body,
        headers: {
          "content-type": "application/json",
          "user-agent": "Go-http-client/1.1",
          "twitch-eventsub-message-id": message.messageId,
          "twitch-eventsub-message-retry": String(retry),
          "twitch-eventsub-message-type": message.kind,
          "twitch-eventsub-message-signature": signatureOf(target.secret, message),
          "twitch-eventsub-message-timestamp": message.timestamp,
          "twitch-eventsub-subscription-type": message.type,
          "twitch-eventsub-subscription-version": message.version,
        },
      };
    },
    async send(target, message, retry) {
      try {
        const response = await post(target, webhooks.request(target, message, retry), rules.answerMs);
        await response.body?.cancel();
        return response.status;
      } catch {
        return 0;
      }
    },
    async deliver(target, message, tried) {
      for (const [retry, wait] of [0, ...rules.retryMs].entries()) {
        if (wait > 0) await pause(wait);
        if (stopped.signal.aborted) return false;
        const status = await webhooks.send(target, message, retry);
        tried(status);
        if (isTaken(status)) return true;
      }
      return false;
    },
    async verify(target, about, subscription) {
      const challenge = randomBytes(24).toString("base64url");
      const message = webhooks.message("webhook_callback_verification", about, { challenge, subscription });
      try {
        const response = await post(target, webhooks.request(target, message), Math.max(rules.answerMs, 10_000));
        return isTaken(response.status) && (await response.text()) === challenge;
      } catch {
        return false;
      }
    },
    stop: () => stopped.abort(),
  };
  return webhooks;
}
