import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** The keys of one browser: what it shows to senders, and what it alone has. */
export interface ClientKeys {
  /** base64url, 65 bytes. */
  p256dh: string;
  /** base64url, 16 bytes. */
  auth: string;
  privateKey: Buffer;
}

/** Keys as a browser makes them for one subscription. */
export function createClientKeys(): ClientKeys {
  const ecdh = createECDH("prime256v1");
  return {
    p256dh: ecdh.generateKeys().toString("base64url"),
    auth: randomBytes(16).toString("base64url"),
    privateKey: ecdh.getPrivateKey(),
  };
}

const hkdf = (key: Buffer, salt: Buffer, info: Buffer | string, length: number) =>
  Buffer.from(hkdfSync("sha256", key, salt, info, length));

/**
 * Opens a body of content encoding aes128gcm that was sealed for these keys (RFC 8188, RFC 8291). Throws when it was
 * not.
 */
export function decrypt(body: Buffer, keys: ClientKeys): string {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const keyLength = body.readUInt8(20);
  const sender = body.subarray(21, 21 + keyLength);
  const sealed = body.subarray(21 + keyLength);
  if (sealed.length > recordSize) throw new Error("more than one record");
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(keys.privateKey);
  const shared = ecdh.computeSecret(sender);
  const own = Buffer.from(keys.p256dh, "base64url");
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), own, sender]);
  const secret = hkdf(shared, Buffer.from(keys.auth, "base64url"), info, 32);
  const key = hkdf(secret, salt, "Content-Encoding: aes128gcm\0", 16);
  const nonce = hkdf(secret, salt, "Content-Encoding: nonce\0", 12);
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const opened = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const end = opened.lastIndexOf(2);
  if (end === -1 || opened.subarray(end + 1).some((byte) => byte !== 0)) throw new Error("the padding is wrong");
  return opened.subarray(0, end).toString("utf8");
}
