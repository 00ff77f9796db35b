import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A passkey as an authenticator keeps it. */
export interface VirtualPasskey {
  id: string;
  key: KeyObject;
  userHandle: string;
  counter: number;
}

/** How an authenticator may behave otherwise than it should. */
export interface Deviation {
  origin?: string;
  rpId?: string;
  userVerified?: boolean;
  counter?: number;
  userHandle?: string;
}

type Options = { publicKey: Record<string, unknown> };

/** An authenticator with a key on P-256, as it stands behind `navigator.credentials` of a page at `origin`. */
export function virtualAuthenticator(origin: string) {
  const rpIdOf = ({ rpId }: Deviation) => rpId ?? new URL(origin).hostname;

  function clientData(type: string, { publicKey }: Options, over: Deviation): Buffer {
    const { challenge } = publicKey as { challenge: string };
    return Buffer.from(JSON.stringify({ type, challenge, origin: over.origin ?? origin, crossOrigin: false }));
  }

  function authenticatorData(flags: number, counter: number, over: Deviation, more = Buffer.alloc(0)): Buffer {
    const hash = createHash("sha256").update(rpIdOf(over)).digest();
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([hash, Buffer.from([flags | (over.userVerified === false ? 0 : 4)]), count, more]);
  }

  return {
    /** Answers `startPasskey`. */
    create(options: Options, over: Deviation = {}): { passkey: VirtualPasskey; response: Record<string, unknown> } {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      const id = randomBytes(32);
      const cose = cborMap([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, "base64url")],
        [-3, Buffer.from(y, "base64url")],
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const credential = Buffer.concat([Buffer.alloc(16), length, id, cose]);
      const attestation = cborMap([
        ["fmt", "none"],
        ["attStmt", new Map<string, never>()],
        ["authData", authenticatorData(0x41, 0, over, credential)],
      ]);
      const user = options.publicKey["user"] as { id: string };
      const passkey = { id: id.toString("base64url"), key: privateKey, userHandle: user.id, counter: 0 };
      return {
        passkey,
        response: {
          id: passkey.id,
          rawId: passkey.id,
          type: "public-key",
          clientExtensionResults: {},
          response: {
            clientDataJSON: clientData("webauthn.create", options, over).toString("base64url"),
            attestationObject: attestation.toString("base64url"),
            transports: ["internal"],
          },
        },
      };
    },

    /** Answers `startPasskeySignIn`, with the next count of the passkey. */
    use(options: Options, passkey: VirtualPasskey, over: Deviation = {}): Record<string, unknown> {
      passkey.counter = over.counter ?? passkey.counter + 1;
      const data = clientData("webauthn.get", options, over);
      const authData = authenticatorData(0x01, passkey.counter, over);
      const signed = Buffer.concat([authData, createHash("sha256").update(data).digest()]);
      return {
        id: passkey.id,
        rawId: passkey.id,
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: data.toString("base64url"),
          authenticatorData: authData.toString("base64url"),
          signature: sign("sha256", signed, passkey.key).toString("base64url"),
          userHandle: over.userHandle ?? passkey.userHandle,
        },
      };
    },

    /** The same key somewhere else: what a thief of it has. */
    copy: (passkey: VirtualPasskey): VirtualPasskey => ({
      ...passkey,
      key: createPrivateKey(passkey.key.export({ format: "pem", type: "pkcs8" })),
    }),
  };
}

type Cbor = number | string | Buffer | Map<string, never>;

function cborMap(entries: [number | string, Cbor][]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])]);
}

function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) return head(5, 0);
  return Buffer.concat([head(2, value.length), value]);
}

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}
