import { randomBytes } from "node:crypto";

/** Secrets that a test gave away or was given, and the search for them. */
export interface SecretSearch {
  /** A new secret that nobody can have by chance. Has letters that look different in a URL, in JSON and in base64. */
  make(name: string): string;
  /** The same of letters and digits alone, for where nothing else may stand. */
  makePlain(name: string): string;
  /** Remembers a secret that the server or a provider made: a text, or bytes. */
  note(name: string, secret: string | Buffer): void;
  /** Remembers what stands in tokens (JWT) that are never seen here: it is looked for in base64 alone. */
  noteInside(name: string, text: string): void;
  /** Names of what is looked for. */
  names(): string[];
  /** Where which secret is, in whatever form: `place: name (form)`. `but` names secrets that may be there. */
  find(places: Readonly<Record<string, string | Buffer>>, but?: readonly string[]): string[];
}

type Form = [form: string, text: string | Buffer];

export function createSecretSearch(): SecretSearch {
  const secrets = new Map<string, Form[]>();

  function remember(name: string, secret: string | Buffer, of: Form[]): void {
    if (secret.length < 12) throw new Error(`${name} is too short to be looked for: it would be found by chance`);
    secrets.set(name, of);
  }

  return {
    make(name) {
      const secret = `${randomBytes(9).toString("base64url")}+é/${randomBytes(9).toString("base64url")} ?`.trim();
      remember(name, secret, forms(secret));
      return secret;
    },
    makePlain(name) {
      const secret = randomBytes(18).toString("base64url").replaceAll(/[-_]/g, "x");
      remember(name, secret, forms(secret));
      return secret;
    },
    note: (name, secret) => remember(name, secret, forms(secret)),
    noteInside: (name, text) => remember(name, text, base64Forms(Buffer.from(text))),
    names: () => [...secrets.keys()],
    find(places, but = []) {
      const needles = createNeedles(
        [...secrets]
          .filter(([name]) => !but.includes(name))
          .flatMap(([name, of]) => of.map((form) => ({ name, form }))),
      );
      return Object.entries(places).flatMap(([place, content]) =>
        needles(Buffer.from(content)).map((found) => `${place}: ${found}`),
      );
    },
  };
}

/** What a secret looks like in the encodings in which it could get anywhere. */
export function forms(secret: string | Buffer): Form[] {
  const bytes = Buffer.from(secret);
  const encoded: Form[] = [
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ...base64Forms(bytes),
  ];
  if (typeof secret !== "string") return [["bytes", bytes], ...encoded];
  const url = encodeURIComponent(secret);
  return [
    ["clear", secret],
    // Handles and addresses are kept so, and people type secrets in their place.
    ["lower case", secret.toLowerCase()],
    ["JSON", JSON.stringify(secret).slice(1, -1)],
    ["URL", url],
    ["URL in a URL", encodeURIComponent(url)],
    ["form", new URLSearchParams({ x: secret }).toString().slice(2)],
    ...encoded,
  ];
}

function base64Forms(bytes: Buffer): Form[] {
  return [0, 1, 2].flatMap((shift): Form[] => {
    const text = insideBase64(bytes, shift);
    return [
      ["base64", text],
      ["base64url", text.replaceAll("+", "-").replaceAll("/", "_")],
    ];
  });
}

/** The characters of a base64 text that depend on `bytes` alone, when `shift` bytes (modulo 3) stand before them. */
function insideBase64(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

/**
 * Looks for all of them in one pass: a thousand needles in some hundred megabytes. They are told apart by their first
 * four bytes, and most places are passed by the first two.
 */
function createNeedles(all: readonly { name: string; form: Form }[]): (haystack: Buffer) => string[] {
  const starts = new Uint8Array(65_536);
  const byStart = new Map<number, { label: string; bytes: Buffer }[]>();
  for (const { name, form } of all) {
    const bytes = Buffer.from(form[1]);
    const start = bytes.readUInt32BE(0);
    starts[start >>> 16] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), { label: `${name} (${form[0]})`, bytes }]);
  }
  return (haystack) => {
    const found = new Set<string>();
    for (let at = 0; at + 4 <= haystack.length; at++) {
      if (starts[((haystack[at] ?? 0) << 8) | (haystack[at + 1] ?? 0)] !== 1) continue;
      for (const { label, bytes } of byStart.get(haystack.readUInt32BE(at)) ?? []) {
        if (haystack.compare(bytes, 0, bytes.length, at, Math.min(haystack.length, at + bytes.length)) === 0) {
          found.add(label);
        }
      }
    }
    return [...found];
  };
}
