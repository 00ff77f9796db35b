import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import type { DiscordNews, DiscordWebhooks } from "../../modules/alerts/index.ts";
import type { Clock } from "../../platform/clock/clock.ts";

/** What was sent before this may be somebody's recording; what comes from the future has no right to be there either. */
const WINDOW_MS = 600_000;
/** Of an Ed25519 key in DER (RFC 8410), before its 32 bytes. */
const DER_BEFORE_KEY = Buffer.from("302a300506032b6570032100", "hex");

const snowflake = z.string().regex(/^\d{1,21}$/);
/** An interaction, or an event of the application's webhooks: they come to one address. */
const wire = z.looseObject({
  type: z.number().int(),
  event: z
    .looseObject({
      type: z.string().max(100),
      data: z.looseObject({ user: z.looseObject({ id: snowflake }).optional() }).optional(),
    })
    .optional(),
});

/** Events after which the bot may be somewhere else than before. Whether it is, is asked of Discord. */
const moving = new Set(["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED", "GUILD_CREATE", "GUILD_DELETE"]);

/**
 * What Discord sends by itself: interactions, and events of the application. The signature (Ed25519) is over the time
 * and the body as it came. `publicKey`: 64 hexadecimal digits.
 */
export function createDiscordWebhooks(publicKey: string, clock: Clock): DiscordWebhooks {
  const key = keyOf(publicKey);

  return {
    read(headers, body) {
      const signature = headers.get("x-signature-ed25519");
      const time = headers.get("x-signature-timestamp");
      if (signature === null || time === null) return { refused: "missing" };
      const signed = Buffer.concat([Buffer.from(time), body]);
      if (!/^[0-9a-f]{128}$/i.test(signature) || !verify(null, signed, key, Buffer.from(signature, "hex"))) {
        return { refused: "mismatch" };
      }
      const age = Math.abs(clock.now() - Number(time) * 1000);
      return age <= WINDOW_MS ? { news: read(body) } : { refused: "too_old" };
    },
  };
}

function keyOf(publicKey: string): KeyObject {
  const der = Buffer.concat([DER_BEFORE_KEY, Buffer.from(publicKey, "hex")]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

function read(body: Uint8Array): DiscordNews {
  const parsed = wire.safeParse(json(body));
  if (!parsed.success) return { kind: "other", type: "unreadable" };
  const { type, event } = parsed.data;
  if (event === undefined) return type === 0 ? { kind: "quiet" } : type === 1 ? { kind: "pong" } : { kind: "asked" };
  const userId = event.data?.user?.id;
  if (event.type === "APPLICATION_DEAUTHORIZED" && userId !== undefined) return { kind: "deauthorized", userId };
  return moving.has(event.type) ? { kind: "moved" } : { kind: "other", type: event.type };
}

function json(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
