import { AppError } from "../../../../platform/errors/app.error.ts";
import type { SecurityMonitor } from "../../../../platform/security/security.monitor.ts";
import type { HttpFace } from "../../../../transports/http/http.face.ts";
import { notConfigured } from "./discord.answers.ts";
import type { DiscordInbound } from "./discord.inbound.ts";
import type { DiscordNews, DiscordWebhooks } from "./discord.port.ts";

/** Discord's own messages are some kilobytes. */
const MOST_BYTES = 65_536;
/** An interaction is answered by a message that its person alone sees. */
const NOTHING_TO_ASK = {
  type: 4,
  data: { content: "This bot posts alerts. It has no commands.", flags: 64, allowed_mentions: { parse: [] } },
};

/** Mounts `/webhooks/discord`: interactions and events of the application. */
export function mountDiscordHook(
  http: HttpFace,
  deps: {
    webhooks: DiscordWebhooks | undefined;
    inbound: DiscordInbound;
    security: Pick<SecurityMonitor, "record">;
  },
): void {
  http.hook("/webhooks/discord", { maxBytes: MOST_BYTES }, async ({ request, body, requestId, admit }) => {
    if (deps.webhooks === undefined) throw notConfigured();
    const read = deps.webhooks.read(request.headers, body);
    if ("refused" in read) {
      deps.security.record("signature.refused", {
        provider: "discord",
        reason: read.refused,
        route: "/webhooks/discord",
        requestId,
      });
      if (read.refused === "too_old") throw new AppError("webhook.too_old", "This was sent too long ago.");
      throw new AppError("webhook.signature_invalid", "The signature is not good.");
    }
    await admit();
    await deps.inbound.take(read.news);
    return answer(read.news);
  });
}

function answer({ kind }: DiscordNews): Response {
  if (kind === "pong") return Response.json({ type: 1 });
  if (kind === "asked") return Response.json(NOTHING_TO_ASK);
  return new Response(null, { status: 204, headers: { "content-type": "application/json" } });
}
