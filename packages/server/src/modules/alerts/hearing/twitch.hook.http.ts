import { AppError } from "../../../platform/errors/app.error.ts";
import type { SecurityMonitor } from "../../../platform/security/security.monitor.ts";
import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { TwitchMessage, TwitchWebhooks, WebhookRefusal } from "./twitch.port.ts";

/** Where Twitch sends its events. */
export const twitchHookPath = "/webhooks/twitch";

export interface TwitchHookDeps {
  /** Undefined where Twitch is not configured. */
  webhooks: TwitchWebhooks | undefined;
  /** Takes one message; resolves when it cannot get lost any more. */
  message(message: TwitchMessage): Promise<void>;
  security: SecurityMonitor;
}

/** Events of Twitch are some hundred bytes. */
const MOST_BYTES = 65_536;
const refusals = {
  missing: ["webhook.signature_invalid", "The request is not signed."],
  mismatch: ["webhook.signature_invalid", "The signature does not fit."],
  too_old: ["webhook.too_old", "The message is not of the last ten minutes."],
} as const satisfies Record<WebhookRefusal, readonly [string, string]>;

/** Mounts Twitch's webhook: signature, duplicate key, stored, answered; what comes of it is the inbox's matter. */
export function mountTwitchHook(http: HttpFace, { webhooks, message, security }: TwitchHookDeps): void {
  http.hook(twitchHookPath, { maxBytes: MOST_BYTES }, async ({ request, body, requestId, admit }) => {
    if (webhooks === undefined) throw new AppError("alerts.not_configured", "Twitch is not set up on this server.");
    const read = webhooks.read(request.headers, body);
    if ("refused" in read) {
      const [code, text] = refusals[read.refused];
      security.record("signature.refused", {
        provider: "twitch",
        route: twitchHookPath,
        reason: read.refused,
        requestId,
      });
      throw new AppError(code, text);
    }
    await admit();
    if (read.message.kind === "challenge") {
      return new Response(read.message.challenge, { headers: { "content-type": "text/plain" } });
    }
    await message(read.message);
    return new Response(null, { status: 204 });
  });
}
