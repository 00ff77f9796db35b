import { createECDH, createHmac } from "node:crypto";
import webpush from "web-push";
import type { Outgoing, PushService } from "../../modules/alerts/index.ts";

export interface WebPushSettings {
  /** 32 bytes in base64url; undefined: derived from `secret`, so that every node has the same. */
  privateKey: string | undefined;
  secret: string;
  /** Whom a push service writes to when something is wrong: `mailto:` or an https address (RFC 8292). */
  subject: string;
  outgoing: Outgoing;
}

/** Web Push with a key of this server's own: no account anywhere. */
export function createWebPush({ privateKey, secret, subject, outgoing }: WebPushSettings): PushService {
  const key = createECDH("prime256v1");
  key.setPrivateKey(
    privateKey === undefined
      ? createHmac("sha256", secret).update("foyer.vapid").digest()
      : Buffer.from(privateKey, "base64url"),
  );
  const vapidDetails = {
    subject,
    publicKey: key.getPublicKey("base64url"),
    privateKey: key.getPrivateKey("base64url"),
  };
  return {
    publicKey: vapidDetails.publicKey,
    async send({ endpoint, p256dh, auth }, { payload, topic, ttlSeconds }) {
      const { headers, body } = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
        vapidDetails,
        TTL: ttlSeconds,
        urgency: "high",
        topic,
        contentEncoding: "aes128gcm",
      });
      const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      return outgoing.post(endpoint, plain, body ?? "");
    },
  };
}
