import type { Clock } from "../../../platform/clock/clock.ts";

/** The cookie that holds the session token of a browser. */
export interface SessionCookie {
  readonly name: string;
  /** The token in a `Cookie` header, if there is one. */
  read(header: string | null | undefined): string | undefined;
  /** A `Set-Cookie` value. `expiresAt` is in milliseconds since 1970. */
  set(token: string, expiresAt: number): string;
  /** A `Set-Cookie` value that takes the cookie away. */
  clear(): string;
}

/** `__Host-foyer` where the public address is https, so that no other host or path can set it; `foyer` otherwise. */
export function createSessionCookie(publicUrl: string, clock: Clock): SessionCookie {
  const secure = publicUrl.startsWith("https:");
  const name = secure ? "__Host-foyer" : "foyer";
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  return {
    name,
    read(header) {
      for (const pair of (header ?? "").split(";")) {
        const at = pair.indexOf("=");
        if (at > 0 && pair.slice(0, at).trim() === name) {
          const value = pair.slice(at + 1).trim();
          if (value !== "") return value;
        }
      }
      return undefined;
    },
    set(token, expiresAt) {
      const seconds = Math.max(0, Math.floor((expiresAt - clock.now()) / 1000));
      return `${name}=${token}; ${attributes}; Max-Age=${seconds}`;
    },
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
  };
}

/** The token of an `Authorization: Bearer` header. An empty or odd one is a token too: a bad one, to be refused. */
export function readBearer(header: string | null | undefined): string | undefined {
  if (header === null || header === undefined) return undefined;
  const match = /^Bearer(?:\s+(.*))?$/i.exec(header.trim());
  return match === null ? undefined : (match[1] ?? "").trim();
}
