import { createHmac, randomBytes } from "node:crypto";

/** What EventSub signs. `timestamp` is the text of the header, `body` the raw body. */
export interface Signed {
  messageId: string;
  timestamp: string;
  body: string;
}

/** The value of `Twitch-Eventsub-Message-Signature`. */
export function signatureOf(secret: string, { messageId, timestamp, body }: Signed): string {
  return `sha256=${createHmac("sha256", secret).update(`${messageId}${timestamp}${body}`).digest("hex")}`;
}

/** An id as Twitch gives its messages: 32 bytes, which may hold `/`, `+` and `=`. */
export const newMessageId = (): string => randomBytes(32).toString("base64");

/** A time as EventSub writes it: nanoseconds. */
export function nanoTime(ms: number): string {
  const rest = String(randomBytes(3).readUIntBE(0, 3) % 1_000_000).padStart(6, "0");
  return new Date(ms).toISOString().replace("Z", `${rest}Z`);
}
