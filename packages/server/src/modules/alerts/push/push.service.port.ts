/** A browser's subscription: where to send, and the keys that seal what only it can read. */
export interface PushAddress {
  endpoint: string;
  p256dh: string;
  auth: string;
}

export interface PushMessage {
  payload: string;
  /** At most 32 characters of base64url: a newer message of the same topic replaces one that still waits. */
  topic: string;
  ttlSeconds: number;
}

/** Web Push (RFC 8030, 8291, 8292). Throws OutgoingError where nobody answers. */
export interface PushService {
  /** What browsers need to subscribe, in base64url. */
  readonly publicKey: string;
  send(to: PushAddress, message: PushMessage): Promise<{ status: number; retryAfterMs: number | undefined }>;
}
